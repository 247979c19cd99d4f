import { registry } from "@web/core/registry";
import { formatPercentage } from "@web/views/fields/formatters";

/** A share as a percentage; where there was nothing to have a share of, it is no 0 %. */
export function formatRate(value, options) {
    return typeof value === "number" ? formatPercentage(value, options) : "–";
}
formatRate.extractOptions = formatPercentage.extractOptions;

registry.category("formatters").add("supply_rate", formatRate);
