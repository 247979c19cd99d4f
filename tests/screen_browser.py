"""A person at a browser who opens every menu of the add-ons, at the width of a desk and a phone."""

from __future__ import annotations

import contextlib
import shutil
import signal
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from odoo_starter import starter_of
from playwright.sync_api import Error, Page, sync_playwright

SIZES = {"desk": (1400, 900), "phone": (390, 844)}
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_START_SECONDS = 240
_SETTLE_SECONDS = 20
# Every menu of some add-ons that opens something, as the client knows them.
_MENUS = """(addons) => odoo.__WOWL_DEBUG__.root.env.services.menu.getAll()
    .filter((menu) => menu.actionID && addons.includes((menu.xmlid || "").split(".")[0]))
    .map((menu) => ({id: menu.id, name: menu.xmlid}))"""
_SELECT = "(id) => odoo.__WOWL_DEBUG__.root.env.services.menu.selectMenu(id)"
_SHOWN = ".o_action_manager > .o_action, .o_action_manager > .o_view_controller"
_MODEL = "() => odoo.__WOWL_DEBUG__.root.env.services.action.currentController?.action.res_model"
_RECORD = ".o_data_row td.o_data_cell, .o_kanban_record:not(.o_kanban_ghost)"
_NEW = ".o_list_button_add, .o-kanban-button-new"
_DIALOG = ".o_error_dialog, .modal:has-text('Oops')"


@contextlib.contextmanager
def served(database: str) -> Iterator[str]:
    """Serve a database while the body runs; give the address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = starter_of(database).fork("odoo_processes", "serve_pages", [database, port], [])
    address = f"http://127.0.0.1:{port}"
    try:
        end = time.monotonic() + _START_SECONDS
        while True:
            try:
                urllib.request.urlopen(f"{address}/web/health", timeout=30).close()
                break
            except (urllib.error.URLError, OSError):
                assert process.is_running() and time.monotonic() < end, "Odoo does not answer"
                time.sleep(0.05)
        yield address
    finally:
        process.signal(signal.SIGTERM)
        process.wait(60)


@contextlib.contextmanager
def opened_page() -> Iterator[Page]:
    """Open an empty page in a browser that ends with the body; leave the test out without one."""
    chromium = shutil.which("chromium")
    if not chromium:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=_FLAGS)
        yield browser.new_page()
        browser.close()


def sign_in(page: Page, address: str, login: str = "admin", password: str = "admin") -> None:
    """Go through the login page and wait for the client."""
    page.goto(f"{address}/web/login", timeout=1000 * _START_SECONDS)
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    # Style sheets and scripts are built for the first visitor.
    page.wait_for_selector(".o_main_navbar", timeout=1000 * _START_SECONDS)


class Visit:
    """What happened while somebody opened the menus.

    :param address: of the server
    :param addons: names of the add-ons whose menus are opened
    :param pictures: a folder for a picture of each screen; none by default
    :param opens_records: whether the first record of each model is opened as well
    """

    def __init__(
        self,
        address: str,
        addons: list[str],
        pictures: Path | None = None,
        opens_records: bool = False,
    ):
        self.failures: list[str] = []
        self.opened: list[str] = []
        self._address = address
        self._addons = addons
        self._pictures = pictures
        self._opens_records = opens_records
        self._seen: set[tuple[str, str]] = set()
        self._where = "at first"
        self._waiting: set[str] = set()

    def open_all(self, login: str = "admin", password: str = "admin") -> Visit:
        """Open every menu, and a new record where one is offered, at each size."""
        with opened_page() as page:
            page.on("pageerror", lambda error: self._fail(str(error)))
            page.on("console", self._hear)
            page.on("request", self._note_request)
            for ended in ("requestfinished", "requestfailed"):
                page.on(ended, lambda request: self._waiting.discard(request.url))
            sign_in(page, self._address, login, password)
            for size, (width, height) in SIZES.items():
                page.set_viewport_size({"width": width, "height": height})
                page.goto(f"{self._address}/odoo?debug=0")
                page.wait_for_selector(".o_main_navbar")
                # Odoo's bot greets a newcomer in a window above everything, on a phone.
                page.add_style_tag(content=".o-mail-ChatHub {display: none !important}")
                for menu in page.evaluate(_MENUS, self._addons):
                    self._open(page, size, menu)
        return self

    def _open(self, page: Page, size: str, menu: dict) -> None:
        self._where = f"{size}, {menu['name']}"
        try:
            page.evaluate(_SELECT, menu["id"])
            page.wait_for_selector(f"{_SHOWN}, {_DIALOG}", timeout=10_000)
            self._settle(page, menu["name"], size)
            self.opened.append(self._where)
            if self._opens_records and self._open_first(page, size, menu):
                return
            new = page.locator(_NEW).locator("visible=true")
            if new.count():
                self._where += ", new"
                new.first.click(timeout=5_000)
                self._settle(page, f"{menu['name']}-new", size)
        except Error as error:
            self._fail(error.message.splitlines()[0])

    def _open_first(self, page: Page, size: str, menu: dict) -> bool:
        """Open the first record where the model's was not opened at this size yet."""
        model = page.evaluate(_MODEL)
        records = page.locator(_RECORD).locator("visible=true")
        if not model or (model, size) in self._seen or not records.count():
            return False
        self._seen.add((model, size))
        self._where += ", first record"
        records.first.click(timeout=5_000)
        self._settle(page, f"{menu['name']}-record", size)
        self.opened.append(self._where)
        return True

    def _settle(self, page: Page, name: str, size: str) -> None:
        # The client waits for its calls in turn: it is done when there is none for a moment.
        end = time.monotonic() + _SETTLE_SECONDS
        quiet = 0
        while quiet < 3 and time.monotonic() < end:
            page.wait_for_timeout(30)
            quiet = 0 if self._waiting else quiet + 1
        if quiet < 3:
            self._fail(f"still waits for {sorted(self._waiting)}")
        if self._pictures:
            page.wait_for_timeout(400)
            page.screenshot(path=self._pictures / f"{name}-{size}.png")
        dialog = page.locator(_DIALOG)
        if dialog.count():
            self._fail(dialog.first.inner_text()[:300])
            page.keyboard.press("Escape")
        elif not page.locator(_SHOWN).count():
            self._fail("shows nothing")

    def _note_request(self, request) -> None:
        if "/web/dataset/" in request.url or "/web/action/" in request.url:
            self._waiting.add(request.url)

    def _hear(self, message) -> None:
        # Odoo's own warnings are not ours; an error is, but for what is not to be had offline.
        url = message.location.get("url", "")
        if message.type == "error" and (url.startswith(self._address) or not url):
            self._fail(f"console: {message.text[:600]}")

    def _fail(self, what: str) -> None:
        self.failures.append(f"{self._where}: {what}")
