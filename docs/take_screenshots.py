"""Take the pictures in docs/screenshots from a running demo, in English and Chinese.

Every screen is opened in Chromium as the person who works with it, at the width of a desk or of a
phone. A page that reports an error in its console fails the run, so that no broken screen is
pictured.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, sync_playwright

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
SIZES = {"wide": (1400, 900), "narrow": (390, 844)}
LANGUAGES = {"en": "en_US", "zh": "zh_CN"}
WAIT = 60_000


@dataclass(frozen=True)
class Screen:
    """A picture to take.

    :ivar login: who looks; the password is the same word
    :ivar path: below the server's address; {standing} is the customer of the story
    :ivar expected: selector of what must be there
    :ivar sizes: names of SIZES
    :ivar point_at: selector of what the pointer rests on, for what opens then
    """

    login: str
    path: str
    expected: str
    sizes: tuple[str, ...] = ("wide",)
    point_at: str = ""


BOTH = ("wide", "narrow")
SCREENS = {
    "customer-overview": Screen("north", "odoo/customer-tiers-overview", ".o_overview_tile"),
    "my-customers": Screen(
        "north",
        "odoo/my-customers",
        ".o_kanban_record .o_customer_tier_badge",
        BOTH,
        ".o_kanban_record .o_customer_tier_badge",
    ),
    "customer": Screen(
        "north", "odoo/customer-standings/{standing}", ".o_customer_profile canvas", BOTH
    ),
    "follow-ups": Screen("north", "odoo/customer-followups", ".o_data_row"),
    "company-overview": Screen("sales", "odoo/customer-tiers-overview", ".o_overview_tile"),
    "policy": Screen(
        "sales", "odoo/customer-tier-policies/{policy}", ".o_tier_thresholds_plot, .o_form_view"
    ),
    "matrix": Screen("sales", "odoo/segmentation-matrix", ".o_action"),
    "who-will-buy": Screen("sales", "odoo/customer-lifetime-values", ".o_data_row"),
    "competitors": Screen("sales", "odoo/customer-competitors/{competitor}", ".o_form_view table"),
    "supply-overview": Screen("buyer", "odoo/supply-overview", ".o_overview_tile"),
    "lines-to-approve": Screen("buyer", "odoo/supply-lines-to-approve", ".o_group_header"),
    "stock-board": Screen("buyer", "odoo/supply-stock-board", ".o_kanban_record"),
    "forecast-errors": Screen("buyer", "odoo/supply-forecast-errors", ".o_action td"),
    "forecast-methods": Screen("buyer", "odoo/supply-forecast-methods", ".o_data_row"),
    "scarce-products": Screen("buyer", "odoo/scarce-products", ".o_data_row, .o_group_header"),
    "edi-messages": Screen("buyer", "odoo/supply-edi", ".o_data_row"),
    "consigned-stock": Screen("buyer", "odoo/consigned-stock", ".o_data_row, .o_group_header"),
    "customers-by-tier": Screen("admin", "odoo/customers-by-tier", ".o_group_header"),
    "settings": Screen("admin", "odoo/customer-tiering-settings", ".o_setting_container"),
    "portal": Screen("cafe", "my/tier", "main", BOTH),
    "vendor-stock": Screen("hill", "my/supply", ".o_vendor_portal", BOTH),
    "vendor-proposals": Screen("flour", "my/supply/proposals", ".o_vendor_portal", ("narrow",)),
}


def call(page: Page, model: str, method: str, *args, **kwargs):
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


def log_in(
    browser: Browser, address: str, database: str, login: str, size: str, language: str = "en_US"
) -> Page:
    """Return a page of the user; the portal goes by the browser's language."""
    width, height = SIZES[size]
    page = browser.new_context(
        viewport={"width": width, "height": height},
        has_touch=size == "narrow",
        is_mobile=size == "narrow",
        locale=language.replace("_", "-"),
    ).new_page()
    page.goto(f"{address}/web/login?db={database}", timeout=2 * WAIT)
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", login)
    page.click("button[type=submit]")
    page.wait_for_url(re.compile(r"/(odoo|my)"), timeout=2 * WAIT)
    return page


def records_to_show(page: Page, customer: str) -> dict[str, int]:
    """Return the ids that the addresses of SCREENS name."""
    domain = [["partner_id.name", "=", customer], ["tier_id", "!=", False]]
    standing = call(page, "customer.standing", "search", domain, limit=1)
    if not standing:
        sys.exit(f"{customer} is in no tier: run make demo first.")
    [policy] = call(page, "customer.tier.policy", "search", [], limit=1)
    [competitor] = call(page, "customer.competitor", "search", [], limit=1)
    return {"standing": standing[0], "policy": policy, "competitor": competitor}


def set_language(page: Page, code: str) -> None:
    """Let all who look read a language."""
    hidden = {"context": {"active_test": False}}
    [lang] = call(page, "res.lang", "search_read", [["code", "=", code]], ["active"], **hidden)
    if not lang["active"]:
        values = {"lang_ids": [[6, 0, [lang["id"]]]]}
        [wizard] = call(page, "base.language.install", "create", [values])
        call(page, "base.language.install", "lang_install", [wizard])
    logins = sorted({screen.login for screen in SCREENS.values()})
    users = call(page, "res.users", "search", [["login", "in", logins]])
    call(page, "res.users", "write", users, {"lang": code})


def take(page: Page, screen: Screen, address: str, picture: Path) -> list[str]:
    """Take a picture; return what went wrong."""
    page.goto(address, timeout=2 * WAIT)
    try:
        page.wait_for_selector(screen.expected, timeout=WAIT)
    except Error:
        return [f"{picture.name}: {screen.expected} did not appear"]
    # Odoo's bot greets a newcomer in a window above everything.
    page.add_style_tag(content=".o-mail-ChatHub {display: none !important}")
    if screen.point_at:
        target = page.locator(screen.point_at).first
        if page.viewport_size["width"] > SIZES["narrow"][0]:
            target.hover()
        else:
            target.click()
    # The bus keeps a connection open, so the network is never idle.
    page.wait_for_timeout(1500)
    page.screenshot(path=picture)
    print(f"{picture.parent.name}/{picture.name}", flush=True)
    return []


def main() -> None:
    """Take the pictures that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", default="http://127.0.0.1:8069")
    parser.add_argument("--database", default="demo")
    parser.add_argument("--customer", default="Old Mill Café", help="the one who is pictured")
    parser.add_argument("--languages", nargs="*", choices=LANGUAGES, default=[*LANGUAGES])
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--only", nargs="*", choices=SCREENS, default=[*SCREENS])
    arguments = parser.parse_args()
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not chromium:
        sys.exit("Chromium is missing: apt-get install chromium, or name it in CHROMIUM.")
    server = arguments.address, arguments.database
    problems: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        try:
            admin = log_in(browser, *server, "admin", "wide")
        except Error as error:
            sys.exit(f"{arguments.address} cannot be logged in to: {error.message}")
        ids = records_to_show(admin, arguments.customer)
        for folder in arguments.languages:
            set_language(admin, LANGUAGES[folder])
            (arguments.folder / folder).mkdir(parents=True, exist_ok=True)
            pages: dict[tuple[str, str], Page] = {}
            for name in arguments.only:
                screen = SCREENS[name]
                for size in screen.sizes:
                    who = screen.login, size
                    if who not in pages:
                        pages[who] = log_in(browser, *server, *who, LANGUAGES[folder])
                        pages[who].on("pageerror", lambda error: problems.append(str(error)))
                        pages[who].on(
                            "console",
                            lambda said: said.type == "error" and problems.append(said.text),
                        )
                    address = f"{arguments.address}/{screen.path.format(**ids)}"
                    picture = arguments.folder / folder / f"{name}-{size}.png"
                    problems.extend(take(pages[who], screen, address, picture))
            for page in pages.values():
                page.context.close()
        set_language(admin, "en_US")
        browser.close()
    if problems:
        sys.exit("Errors in the browser:\n" + "\n".join(dict.fromkeys(problems)))


if __name__ == "__main__":
    main()
