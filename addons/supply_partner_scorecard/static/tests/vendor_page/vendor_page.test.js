import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { beforeEach, expect, test } from "@odoo/hoot";
import { queryAllTexts, queryOne } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { contains, getService, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { setupChartJsForTests } from "@web/../tests/views/graph/graph_test_helpers";
import { WebClient } from "@web/webclient/webclient";
import { registry } from "@web/core/registry";
import { VendorPage } from "@supply_partner_scorecard/vendor_page/vendor_page";

const TAG = "supply_partner_scorecard.vendor_page";

/** Return a vendor's page; ``changes`` replace what it holds. */
function makePage(changes = {}) {
    return {
        vendors: [
            [1, "Acme"],
            [2, "Bolt & Co"],
        ],
        id: 1,
        name: "Acme",
        partner_id: 7,
        company: "Northwind",
        currency_id: 1,
        is_rated: true,
        score: 52.02,
        best_score: 66.95,
        rated_weight: 100,
        least_weight: 60,
        period: 12,
        band: { name: "At Risk", color: 1 },
        marks: [
            { name: "Preferred", color: 10, from: 90 },
            { name: "At Risk", color: 1, from: 0 },
        ],
        worse_since: false,
        actions: [{ label: "Orders", action: "block", text: "Block" }],
        override: false,
        can_override: true,
        parts: [
            {
                code: "otif",
                name: "On Time in Full",
                help: "",
                text: "66 %",
                base: 33,
                interval: "50.6 % – 78.6 %",
                coverage: "",
                points: 31.91,
                low: 1.2,
                high: 57.2,
                weight: 40,
                is_counted: true,
                least: 5,
            },
            {
                code: "quality",
                name: "Defect Rate",
                help: "",
                text: "0 %",
                base: 2,
                interval: "",
                coverage: "",
                points: 0,
                low: null,
                high: null,
                weight: 25,
                is_counted: false,
                least: 5,
            },
        ],
        definitions: [
            { name: "In Full", values: ["100 %", "100 %"], shares: [1, 1], is_scored: false },
        ],
        topics: [],
        trend: [
            { label: "Jan 2026", score: 90, otif: 100, lines: 3 },
            { label: "Feb 2026", score: 52.02, otif: null, lines: 0 },
        ],
        promises: {
            count: 2,
            overdue: 1,
            lines: [
                {
                    id: 5,
                    order: "P00005",
                    product: "Screws",
                    day: "Feb 10, 2026",
                    late: 1,
                    quantity: "0 of 10 Units",
                    value: null,
                },
            ],
        },
        worst: [],
        changes: [{ day: "Feb 1, 2026", text: "Preferred → At Risk", note: "" }],
        calculated: false,
        ...changes,
    };
}

defineMailModels();
setupChartJsForTests();

let pages;
beforeEach(() => {
    pages = { 1: makePage() };
    onRpc("vendor.standing", "get_vendor_page", ({ args }) => {
        expect.step(`page ${args[0]}`);
        return pages[args[0] || 1];
    });
});

async function open(context = { active_id: 1 }) {
    await mountWithCleanup(WebClient);
    await getService("action").doAction({ type: "ir.actions.client", tag: TAG, context });
    await animationFrame();
}

test("a vendor at one look", async () => {
    expect(registry.category("actions").get(TAG)).toBe(VendorPage);
    await open();
    expect.verifySteps(["page 1"]);
    expect(".o_vendor_page_score strong").toHaveText("52.02");
    expect(".o_vendor_page_score .badge").toHaveText("At Risk");
    expect(".alert-danger").toHaveText("Orders: Block");
    expect(queryAllTexts(".o_vendor_page_part .small span:first-child")).toEqual([
        "31.91 points",
        "Does not count: 2 of 5 needed",
    ]);
    expect(queryOne(".o_vendor_page_fill").style.width).toBe("31.91%");
    expect(".o_vendor_page_fill").toHaveCount(1);
    expect(".o_vendor_page_line .text-danger").toHaveText("1 day late");
    expect("canvas").toHaveAttribute(
        "aria-label",
        "Jan 2026 score 90 on time in full 100 %; Feb 2026 score 52.02"
    );
});

test("another vendor is chosen", async () => {
    pages[2] = makePage({ id: 2, name: "Bolt & Co", is_rated: false, band: false, actions: [] });
    await open();
    await contains("select").select("2");
    expect.verifySteps(["page 1", "page 2"]);
    expect(".o_vendor_page_head h1").toHaveText("Bolt & Co");
    expect(".o_vendor_page_score").toHaveText("Unrated");
    expect(".o_vendor_page_scale").toHaveCount(0);
});

test("no vendor is rated yet", async () => {
    pages[1] = { vendors: [] };
    await open({});
    expect.verifySteps(["page null"]);
    expect(".alert-info").toHaveCount(1);
    expect(".o_vendor_page_grid").toHaveCount(0);
});
