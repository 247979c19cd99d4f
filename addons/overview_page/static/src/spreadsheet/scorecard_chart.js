import * as spreadsheet from "@odoo/o-spreadsheet";
// Patches the same class: it goes first, so that this one is asked before it.
import "@spreadsheet/chart/odoo_menu/figure_component";
import { registry } from "@web/core/registry";
import { patch } from "@web/core/utils/patch";

// Add-ons whose menus a figure narrows; figures of others open their menus as they always did.
const narrowed = registry.category("overview_page.narrowed_menus");

patch(spreadsheet.components.ScorecardChart.prototype, {
    /**
     * Open the list of the menu with what the figure counts, by the filters of the dashboard, in
     * place of the list's default filters.
     */
    async onClick() {
        const { getters } = this.env.model;
        const menu = getters.getChartOdooMenu(this.props.chartId);
        const [addon] = (menu?.xmlid || "").split(".");
        if (!this.env.isDashboard() || !narrowed.contains(addon)) {
            return super.onClick(...arguments);
        }
        const domain = await this.getCountedDomain();
        if (!domain) {
            return super.onClick(...arguments);
        }
        const action = await this.actionService.loadAction(menu.actionID);
        await this.actionService.doAction({ ...action, domain, context: {} });
    },

    /** @returns {Promise<Array | undefined>} domain of the pivot's cell that the figure shows. */
    async getCountedDomain() {
        const { getters } = this.env.model;
        const { chartId } = this.props;
        const { keyValue } = getters.getChartDefinition(chartId);
        const range = getters.getRangeFromSheetXC(getters.getActiveSheetId(), keyValue);
        const { left: col, top: row } = range.zone;
        const position = { sheetId: range.sheetId, col, row };
        const pivotId = getters.getPivotIdFromPosition(position);
        if (!pivotId) {
            return undefined;
        }
        const pivot = getters.getPivot(pivotId);
        await pivot.load();
        return pivot.getPivotCellDomain(getters.getPivotCellFromPosition(position).domain);
    },
});
