import * as spreadsheet from "@odoo/o-spreadsheet";
import { patch } from "@web/core/utils/patch";

// Menus whose lists a figure narrows; figures of other apps open their menus as they always did.
const OWN_MENUS = "customer_tiering.";

patch(spreadsheet.components.ScorecardChart.prototype, {
    /**
     * Open the list of the menu with what the figure counts, by the filters of the dashboard, in
     * place of the list's default filters.
     */
    async onClick() {
        const { getters } = this.env.model;
        const menu = getters.getChartOdooMenu(this.props.chartId);
        if (!this.env.isDashboard() || !menu?.xmlid?.startsWith(OWN_MENUS)) {
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
