import { patch } from "@web/core/utils/patch";

/**
 * Have the figures of spreadsheet dashboards open what they count: the list of their menu with the
 * domain of the pivot's cell that they show, by the filters of the dashboard, in place of the
 * list's default filters. Figures of other add-ons open their menus as they always did.
 *
 * @param {typeof Component} ScorecardChart Odoo's component of a figure; it is no import here, for
 *     add-ons with an overview need no spreadsheets
 * @param {string[]} addons those of the menus that are narrowed
 */
export function narrowFigures(ScorecardChart, addons) {
    patch(ScorecardChart.prototype, {
        async onClick() {
            const { getters } = this.env.model;
            const menu = getters.getChartOdooMenu(this.props.chartId);
            const [addon] = (menu?.xmlid || "").split(".");
            const isNarrowed = this.env.isDashboard() && addons.includes(addon);
            const domain = isNarrowed && (await getCountedDomain(getters, this.props.chartId));
            if (!domain) {
                return super.onClick(...arguments);
            }
            const action = await this.actionService.loadAction(menu.actionID);
            await this.actionService.doAction({ ...action, domain, context: {} });
        },
    });
}

/** @returns {Promise<Array | undefined>} domain of the pivot's cell that the figure shows. */
async function getCountedDomain(getters, chartId) {
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
}
