import { formatFigure } from "@overview_page/overview_page/overview_page";
import { withHelp } from "@overview_page/with_help";
import { Domain } from "@web/core/domain";
import { _t } from "@web/core/l10n/translation";
import { RPCError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { pick } from "@web/core/utils/objects";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { useSetupAction } from "@web/search/action_hook";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { Component, onMounted, onWillStart, useState } from "@odoo/owl";

const CHOICES = ["rows", "columns", "scope", "measure"];
const MEASURES = ["revenue", "customers"];
// How many shades tell cells apart.
const SHADES = 5;

/** Two segmentations of the customers crossed; each figure opens the customers it counts. */
export class SegmentationMatrix extends Component {
    static template = "customer_tiering.SegmentationMatrix";
    static components = { ControlPanel };
    static props = { ...standardActionServiceProps };
    static path = "segmentation-matrix";
    static displayName = _t("Segmentation Matrix");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.keepLast = new KeepLast();
        // What the breadcrumb kept, else what the address says.
        const choices = pick(
            { ...this.props.action.params, ...this.props.state?.choices },
            ...CHOICES
        );
        const measure = MEASURES.includes(choices.measure) ? choices.measure : MEASURES[0];
        this.state = useState({ matrix: null, measure });
        useSetupAction({ getLocalState: () => ({ choices: this.choices }) });
        onWillStart(() => this.loadFirst(choices));
        onMounted(() => this.keepChoices());
    }

    async loadFirst(choices) {
        try {
            await this.load(choices);
        } catch (error) {
            if (!(error instanceof RPCError) || !error.exceptionName?.endsWith(".UserError")) {
                throw error;
            }
            // An address that was kept may name a segmentation that is gone.
            this.notification.add(error.data.message, { type: "warning" });
            await this.load({});
        }
    }

    async load({ rows, columns, scope }) {
        const chosen = [rows || null, columns || null, scope || null];
        this.state.matrix = await this.keepLast.add(
            this.orm.call("customer.standing.matrix", "get_matrix", chosen)
        );
    }

    get matrix() {
        return this.state.matrix;
    }

    get choices() {
        return { ...pick(this.matrix, "rows", "columns", "scope"), measure: this.state.measure };
    }

    /** Keep the choices in the address. */
    keepChoices() {
        this.props.updateActionState?.(this.choices);
    }

    async choose(changes) {
        const { rows, columns } = this.matrix;
        const choices = { ...this.choices, ...changes };
        if (choices.rows === choices.columns) {
            // The one that was taken away from the other side goes there in exchange.
            Object.assign(choices, changes.rows ? { columns: rows } : { rows: columns });
        }
        await this.load(choices);
        this.keepChoices();
    }

    swap() {
        const { rows, columns } = this.matrix;
        return this.choose({ rows: columns, columns: rows });
    }

    setMeasure(measure) {
        this.state.measure = measure;
        this.keepChoices();
    }

    get measures() {
        return [
            { value: "revenue", label: _t("Revenue") },
            { value: "customers", label: _t("Customers") },
        ];
    }

    label(name) {
        return this.matrix.lenses.find((lens) => lens.name === name)?.label || "";
    }

    get caption() {
        const words = { rows: this.label(this.matrix.rows), columns: this.label(this.matrix.columns) };
        if (!this.matrix.columns) {
            return _t("Customers by %(rows)s", words);
        }
        return this.state.measure === "revenue"
            ? _t("%(rows)s by %(columns)s: the darker a cell, the more revenue.", words)
            : _t("%(rows)s by %(columns)s: the darker a cell, the more customers.", words);
    }

    figures(row, column) {
        return this.matrix.cells[row.key][column.key];
    }

    /** What a cell weighs in the chosen measure; what is owed to customers weighs nothing. */
    weight(figures) {
        return this.state.measure === "revenue" ? figures.earned : figures.customers;
    }

    share(figures) {
        const total = this.weight(this.matrix.total);
        return total ? this.weight(figures) / total : null;
    }

    get heaviest() {
        const weights = Object.values(this.matrix.cells).flatMap((cells) =>
            Object.values(cells).map((figures) => this.weight(figures))
        );
        return Math.max(0, ...weights);
    }

    shade(figures, heaviest) {
        const weight = this.weight(figures);
        return weight ? Math.ceil((SHADES * weight) / heaviest) : 0;
    }

    formatRevenue({ revenue }) {
        return formatFigure(revenue, "monetary", this.matrix.currency_id, { short: true });
    }

    formatCustomers({ customers }) {
        return customers === 1
            ? _t("1 customer")
            : _t("%s customers", formatFigure(customers, "integer"));
    }

    formatShare(figures) {
        return formatFigure(this.share(figures), "percentage");
    }

    /** What is colored first, then the other. */
    texts(figures) {
        const revenue = this.formatRevenue(figures);
        const customers = this.formatCustomers(figures);
        return this.state.measure === "revenue" ? [revenue, customers] : [customers, revenue];
    }

    /** What a cell is of, for who hears it alone. */
    name(...lines) {
        return lines.map((line) => line.label).join(", ") || _t("Total");
    }

    open(...lines) {
        const { action } = this.matrix;
        const domain = Domain.and([action.domain, ...lines.map((line) => line.domain)]).toList();
        const name = lines.map((line) => line.label).join(" · ") || action.name;
        return this.action.doAction(withHelp({ ...action, name, display_name: name, domain }));
    }

    openPivot() {
        return this.action.doAction(withHelp(this.matrix.pivot));
    }

    pressEmpty() {
        return this.action.doAction(withHelp(this.matrix.empty.action), {
            onClose: () => this.load(this.choices),
        });
    }
}

registry.category("actions").add("segmentation_matrix", SegmentationMatrix);
