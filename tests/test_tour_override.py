"""A salesperson asks for another tier, the sales manager grants it with an answer."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect
from screen_browser import SIZES, opened_page, served, sign_in
from test_tour_policy import WAIT, listen

TAKES_MINUTES = True

REASON = "Framework contract signed"
ANSWER = "Granted for the length of the contract"


def test_a_salesperson_asks_and_the_manager_grants(
    clone_demo_database: Callable[..., str],
) -> None:
    heard: list[str] = []
    with served(clone_demo_database("override")) as address:
        with opened_page() as page:
            listen(page, heard)
            customer = ask(page, address)
        with opened_page() as page:
            listen(page, heard)
            grant(page, address, customer)
        with opened_page() as page:
            listen(page, heard)
            read_answer(page, address, customer)
    assert not heard, "\n".join(heard)


def open_at_desk(page: Page, address: str, login: str) -> None:
    page.set_viewport_size(dict(zip(("width", "height"), SIZES["desk"], strict=True)))
    sign_in(page, address, login, login)


def find_scores(page: Page, address: str, search: str = "") -> None:
    """Open the list of customer scores, without groups, and search in it."""
    page.goto(f"{address}/odoo/customer-standings")
    page.wait_for_selector(".o_list_view, .o_kanban_view", timeout=WAIT)
    for remove in page.locator(".o_searchview .o_facet_remove").all()[::-1]:
        remove.click()
    if search:
        page.locator(".o_searchview_input").fill(search)
        page.locator(".o_searchview_input").press("Enter")
        expect(page.locator(".o_facet_value")).to_have_text(search)
    expect(page.locator(".o_data_row").first).to_be_visible(timeout=WAIT)


def ask(page: Page, address: str) -> str:
    """Ask for the best tier for the first customer who is an ordinary one; return the name."""
    open_at_desk(page, address, "north")
    find_scores(page, address)
    row = page.locator(".o_data_row").filter(has=page.get_by_text("Ordinary", exact=True)).first
    customer = row.locator("td[name=partner_id]").inner_text()
    row.locator("td[name=partner_id]").click()
    page.get_by_role("button", name="Override Tier…").click()
    dialog = page.get_by_role("dialog")
    tier = dialog.locator("[name=tier_id] input")
    tier.fill("VIP")
    page.locator(".o-autocomplete--dropdown-item", has_text="VIP").first.click()
    expect(dialog.get_by_role("button", name="Cancel")).to_be_visible()
    dialog.locator("[name=reason] input").fill(REASON)
    expect(dialog.get_by_role("status")).to_contain_text(f"{customer}: VIP whatever the score")
    expect(dialog.get_by_role("status")).to_contain_text("A manager decides")
    dialog.get_by_role("button", name="Send").click()
    expect(page.locator(".o_notification")).to_contain_text("waiting for approval", timeout=WAIT)
    expect(dialog).to_have_count(0)
    expect(page.locator(".o_form_view")).to_contain_text("Ordinary")
    return customer


def grant(page: Page, address: str, customer: str) -> None:
    """Approve the request with an answer; the customer's tier is another one at once."""
    open_at_desk(page, address, "sales")
    page.goto(f"{address}/odoo/customer-tier-overrides")
    page.locator(".o_data_row", has_text=REASON).locator("td[name=partner_id]").click()
    expect(page.locator(".o-mail-Activity").first).to_contain_text(
        "Approve or refuse", timeout=WAIT
    )
    page.locator("[name=answer] input").fill(ANSWER)
    page.get_by_role("button", name="Approve", exact=True).click()
    expect(page.locator(".o_notification")).to_contain_text(f"Approved: {customer}", timeout=WAIT)
    expect(page.locator("[name=state] [aria-checked=true]")).to_have_text("Active", timeout=WAIT)
    find_scores(page, address, customer)
    expect(page.locator(".o_data_row").first).to_contain_text("VIP")


def read_answer(page: Page, address: str, customer: str) -> None:
    """The requester finds the answer at the request."""
    open_at_desk(page, address, "north")
    page.goto(f"{address}/odoo/customer-tier-overrides")
    page.locator(".o_data_row", has_text=REASON).locator("td[name=partner_id]").click()
    expect(page.locator("[name=answer]")).to_contain_text(ANSWER, timeout=WAIT)
    expect(page.locator("[name=effect]")).to_contain_text(f"{customer}: VIP whatever the score")
