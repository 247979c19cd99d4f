import { beforeEach, expect, test } from "@odoo/hoot";
import { patchWithCleanup } from "@web/../tests/web_test_helpers";
import { localization } from "@web/core/l10n/localization";
import { registry } from "@web/core/registry";
import { formatRate } from "@supply_partner_performance/rate/rate";

beforeEach(() => {
    patchWithCleanup(localization, { decimalPoint: ".", thousandsSep: ",", grouping: [3, 0] });
});

test("a share is shown as a percentage, and what is not known as a dash", () => {
    expect(formatRate(0.825)).toBe("82.5%");
    expect(formatRate(0)).toBe("0%");
    for (const unknown of [null, undefined, false]) {
        expect(formatRate(unknown)).toBe("–");
    }
});

test("views find it as the widget supply_rate", () => {
    expect(registry.category("formatters").get("supply_rate")).toBe(formatRate);
});
