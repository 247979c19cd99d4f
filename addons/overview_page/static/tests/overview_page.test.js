import { formatFigure, OverviewPage } from "@overview_page/overview_page/overview_page";
import { expect, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-dom";
import { mockDate } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    getService,
    makeMockEnv,
    models,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
    preloadBundle,
    webModels,
} from "@web/../tests/web_test_helpers";
import { registry } from "@web/core/registry";
import { WebClient } from "@web/webclient/webclient";

preloadBundle("web.chartjs_lib");

class Shop extends models.Model {
    _name = "shop";
    _views = { list: `<list><field name="name" /></list>` };
    name = fields.Char();
}
defineModels({ ...webModels, Shop });

const OPENED = {
    type: "ir.actions.act_window",
    res_model: "shop",
    views: [[false, "list"]],
    help: `<p class="o_view_nocontent_smiling_face">Nothing is late</p>`,
};
const EMPTY = { hint: false, color: false, icon: false, tone: false, change: false, action: false };
const TILES = [
    {
        ...EMPTY,
        name: "late",
        label: "Late",
        value: 1234,
        kind: "integer",
        tone: "danger",
        hint: "since Monday",
        change: { value: -3, kind: "integer", is_good: true, label: "this month" },
        action: OPENED,
    },
    { ...EMPTY, name: "kept", label: "% Kept", value: null, kind: "percentage", color: 4 },
];
const CHART = {
    name: "rate",
    label: "Fill rate",
    labels: ["Jan", "Feb"],
    kind: "percentage",
    lines: [{ name: "Fill rate", values: [0.5, null] }],
};

function getPage(scope) {
    return {
        title: "Overview",
        subtitle: "My Company",
        currency_id: 1,
        scopes: [
            { value: "company", label: "Company" },
            { value: "mine", label: "Mine" },
        ],
        scope: scope || "company",
        steps: [
            { name: "a", label: "A", text: "One", is_done: true, button: "Look", action: OPENED },
            { name: "b", label: "B", text: "Two", is_done: false, button: "Do", action: OPENED },
        ],
        sections: [{ name: "orders", title: "Orders", tiles: TILES, charts: [CHART] }],
    };
}

async function openPage() {
    onRpc("shop.overview", "get_overview", ({ args }) => {
        expect.step(`scope ${args[0]}`);
        return getPage(args[0]);
    });
    onRpc("shop.overview", "dismiss_steps", () => {
        expect.step("dismissed");
        return true;
    });
    await mountWithCleanup(WebClient);
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "overview_page",
        name: "Overview",
        params: { model: "shop.overview" },
    });
    await animationFrame();
}

test("figures are written as their kind says, and nothing is a dash", async () => {
    mockDate("2026-11-30 12:00:00");
    await makeMockEnv();
    expect(formatFigure(null, "integer")).toBe("–");
    expect(formatFigure(1234, "integer")).toBe("1,234");
    expect(formatFigure(0, "integer")).toBe("0");
    expect(formatFigure(0.825, "percentage")).toBe("82.5%");
    expect(formatFigure(1, "percentage")).toBe("100%");
    expect(String(formatFigure(1, "days"))).toBe("1 day");
    expect(String(formatFigure(12, "days"))).toBe("12 days");
    expect(formatFigure("2026-11-05", "date")).toMatch(/Nov 5, 2026/);
    expect(formatFigure("2026-11-05 13:00:00", "date")).toMatch(/Nov 5, \d\d:/);
    expect(formatFigure("2025-11-05 13:00:00", "date")).toMatch(/Nov 5, 2025/);
    expect(formatFigure("Trade terms", "text")).toBe("Trade terms");
});

test("the page is read in one call and shows tiles, charts and scopes", async () => {
    expect(registry.category("actions").get("overview_page")).toBe(OverviewPage);
    await openPage();
    expect.verifySteps(["scope null"]);
    expect("[data-tile=late] .o_overview_value").toHaveText("1,234");
    expect("[data-tile=late] .o_overview_change").toHaveText("−3 this month");
    expect("button[data-tile=late]").toHaveCount(1);
    expect("[data-tile=kept] .o_overview_value").toHaveText("–");
    expect("button[data-tile=kept]").toHaveCount(0);
    expect("[data-chart=rate] canvas").toHaveAttribute("aria-label", "Fill rate");
    await contains("[data-scope=mine]").click();
    expect.verifySteps(["scope mine"]);
    expect("[data-scope=mine]").toHaveAttribute("aria-pressed", "true");
});

test("a tile opens its list", async () => {
    await openPage();
    patchWithCleanup(getService("action"), {
        doAction: (action) => expect.step(`open ${action.res_model}`),
    });
    await contains("[data-tile=late]").click();
    expect.verifySteps(["scope null", "open shop"]);
});

test("an empty list shows its text as it is meant, without tags", async () => {
    await openPage();
    await contains("[data-tile=late]").click();
    await animationFrame();
    expect(".o_view_nocontent .o_view_nocontent_smiling_face").toHaveText("Nothing is late");
    expect.verifySteps(["scope null"]);
});

test("the banner marks the next step and goes when it is closed", async () => {
    await openPage();
    expect("[data-step=a] .fa-check-circle").toHaveCount(1);
    expect("[data-step=b] button").toHaveClass("btn-primary");
    await contains(".o_overview_steps .btn-close").click();
    expect.verifySteps(["scope null", "dismissed"]);
    expect(".o_overview_steps").toHaveCount(0);
});
