"""Take the pictures in docs/screenshots from a running demo.

Every screen is opened in Chromium at the width of a desk and of a phone. A page that
reports an error in its console fails the run, so that no broken screen is pictured.
"""

import argparse
import os
import re
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

FOLDER = Path(__file__).parent / "screenshots"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = {"wide": (1400, 900), "narrow": (390, 844)}

# On a phone Odoo shows cards where a desk sees a list.
OVERVIEW = ".o_list_view, .o_kanban_view"

# Pages that Odoo offers on a wide screen only.
WIDE_ONLY = {"standings-pivot", "standings-graph"}

# Lists whose first group is opened.
UNFOLDED = {"customers-by-tier"}

# name → (address below /odoo, what must be on the page)
SCREENS = {
    "customers-by-tier": ("customers-by-tier", OVERVIEW),
    "customers-kanban": ("customers?view_type=kanban", ".o_kanban_view"),
    "customer": ("customers/{customer}", ".o_form_view .o_customer_tier"),
    "standings": ("customer-standings", OVERVIEW),
    "standings-kanban": ("customer-standings?view_type=kanban", ".o_kanban_view"),
    "standings-pivot": ("customer-standings?view_type=pivot", ".o_pivot_view table"),
    "standings-graph": ("customer-standings?view_type=graph", ".o_graph_view canvas"),
    "standing": ("customer-standings/{standing}", ".o_tiering_explanation"),
    "policy": ("customer-tier-policies/{policy}", ".o_form_view"),
    "tiers": ("customer-tiers", OVERVIEW),
    "tier": ("customer-tiers/{tier}", ".o_form_view"),
    "service-levels": ("customer-service-levels", OVERVIEW),
    "follow-ups": ("customer-followups", OVERVIEW),
    "kept-promises": ("customer-kept-promises", ".o_pivot_view"),
    "evaluations": ("customer-tier-evaluations", OVERVIEW),
    "evaluation": ("customer-tier-evaluations/{evaluation}", ".o_form_view"),
    "history": ("customer-tier-history", OVERVIEW),
    "supply-partners": ("supply-partners", OVERVIEW),
    "supply-agreements": ("supply-agreements", OVERVIEW),
    "supply-proposals": ("supply-proposals", OVERVIEW),
    "stock-board": ("supply-stock-board", OVERVIEW),
}

# What docs/screenshots keeps; the others are for looking at.
DOCUMENTED = [
    "customers-by-tier",
    "customers-kanban",
    "customer",
    "standing",
    "standings-pivot",
    "policy",
    "tier",
]


def call(page, model, method, *args, **kwargs):
    """Call a method of the server as the page's user does."""
    return page.evaluate(
        """async ([model, method, args, kwargs]) => {
            const response = await fetch(`/web/dataset/call_kw/${model}/${method}`, {
                method: "POST",
                headers: {"Content-Type": "application/json"},
                body: JSON.stringify({jsonrpc: "2.0", params: {model, method, args, kwargs}}),
            });
            const answer = await response.json();
            if (answer.error) throw new Error(answer.error.data.message);
            return answer.result;
        }""",
        [model, method, list(args), kwargs],
    )


def log_in(page, address, database, login, password):
    page.goto(f"{address}/web/login?db={database}")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", password)
    page.click("button[type=submit]")
    page.wait_for_url(re.compile(r"/odoo"), timeout=120_000)
    page.wait_for_selector(".o_main_navbar, .o_home_menu", timeout=120_000)


def records_to_show(page):
    """Return the ids that the addresses of SCREENS name: a good customer, the tier and the rest."""
    standing = call(
        page,
        "customer.standing",
        "search_read",
        [["tier_id", "!=", False]],
        ["partner_id", "tier_id"],
        order="score desc",
        limit=1,
    )
    if not standing:
        sys.exit("Nobody is in a tier yet: run make demo first.")
    one = {
        name: call(page, model, "search", [], limit=1)[0]
        for name, model in (
            ("policy", "customer.tier.policy"),
            ("evaluation", "customer.tier.evaluation"),
        )
    }
    return {
        "standing": standing[0]["id"],
        "customer": standing[0]["partner_id"][0],
        "tier": standing[0]["tier_id"][0],
        **one,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", default="http://127.0.0.1:8069")
    parser.add_argument("--database", default="demo")
    parser.add_argument("--login", default="admin")
    parser.add_argument("--password", default="admin")
    parser.add_argument("--language", help="code of an installed language, e.g. zh_CN")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--only", nargs="*", choices=SCREENS, default=DOCUMENTED)
    arguments = parser.parse_args()
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not chromium:
        sys.exit("Chromium is missing: apt-get install chromium, or name it in CHROMIUM.")
    arguments.folder.mkdir(parents=True, exist_ok=True)
    problems = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        page = browser.new_page()
        try:
            log_in(page, arguments.address, arguments.database, arguments.login, arguments.password)
        except Error as error:
            sys.exit(f"{arguments.address} cannot be logged in to: {error.message}")
        if arguments.language:
            user = call(page, "res.users", "search", [["login", "=", arguments.login]])
            call(page, "res.users", "write", user, {"lang": arguments.language})
        ids = records_to_show(page)
        for width, size in WIDTHS.items():
            page = page.context.browser.new_context(
                viewport=dict(zip(("width", "height"), size, strict=True)),
                storage_state=page.context.storage_state(),
                has_touch=width == "narrow",
                is_mobile=width == "narrow",
            ).new_page()
            page.on(
                "console",
                lambda message: message.type == "error" and problems.append(message.text),
            )
            page.on("pageerror", lambda error: problems.append(str(error)))
            for name in arguments.only:
                if width == "narrow" and name in WIDE_ONLY:
                    continue
                path, expected = SCREENS[name]
                picture = arguments.folder / f"{name}-{width}.png"
                page.goto(f"{arguments.address}/odoo/{path.format(**ids)}")
                try:
                    page.wait_for_selector(expected, timeout=60_000)
                except Error:
                    problems.append(f"{name}: {expected} did not appear")
                if name in UNFOLDED and width == "wide":
                    page.locator(".o_group_header .o_group_name").first.click()
                    page.wait_for_selector(".o_data_row")
                # The bus keeps a connection open, so the network is never idle.
                page.wait_for_timeout(1500)
                page.screenshot(path=picture)
                print(picture.name, flush=True)
        browser.close()
    if problems:
        sys.exit("Errors in the browser:\n" + "\n".join(dict.fromkeys(problems)))


if __name__ == "__main__":
    main()
