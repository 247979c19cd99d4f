"""Every menu opens in a browser where nothing is there yet: samples and widgets run only there."""

from __future__ import annotations

from collections.abc import Callable

from screen_browser import SIZES, Visit, served

from environment.addons import all_addons

TAKES_MINUTES = True


def test_every_menu_opens_without_data(clone_shared_database: Callable[..., str]) -> None:
    with served(clone_shared_database("browser")) as address:
        visit = Visit(address, [folder.name for folder in all_addons()]).open_all()
    assert not visit.failures, "\n".join(visit.failures)
    for size in SIZES:
        assert f"{size}, supply_partner.menu_lines_to_approve" in visit.opened
        assert f"{size}, customer_tiering.menu_standings" in visit.opened
