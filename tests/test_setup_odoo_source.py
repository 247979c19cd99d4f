"""Where Odoo is taken from, and what is said when it cannot be had."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from environment.errors import SetupError
from environment.odoo_source import OdooFinder, series_of


def lay_checkout(folder: Path, version: str) -> Path:
    """Lay the outline of a checkout of Odoo into a folder."""
    for name in ("odoo/addons/base", "addons/web"):
        (folder / name).mkdir(parents=True)
    (folder / "odoo-bin").touch()
    (folder / "odoo" / "release.py").write_text(f"version_info = {version}\n")
    return folder


@pytest.fixture
def no_sources(tmp_path: Path) -> Path:
    """A machine without apt sources."""
    folder = tmp_path / "apt"
    folder.mkdir()
    return folder


@pytest.fixture
def importable(monkeypatch):
    """Make a folder the only place that ``import odoo`` looks into."""

    def put(folder: Path) -> None:
        monkeypatch.delitem(sys.modules, "odoo", raising=False)
        monkeypatch.setattr(sys, "path", [str(folder)])
        importlib.invalidate_caches()

    return put


@pytest.mark.parametrize(
    ("version", "series"),
    [("(19, 0, 0, FINAL, 0, '')", "19.0"), ("('saas~18', 3, 0, FINAL, 0, '')", "saas~18.3")],
)
def test_series_is_read_without_importing(tmp_path, version, series):
    assert series_of(lay_checkout(tmp_path, version) / "odoo") == series


def test_own_checkout_comes_first(tmp_path, cache, monkeypatch):
    folder = lay_checkout(tmp_path / "mine", "(19, 0, 0, FINAL, 0, '')")
    monkeypatch.setenv("ODOO_SOURCE", str(folder))
    source = OdooFinder(cache).find()
    assert source.parent == folder
    assert source.addons_paths == (folder / "odoo/addons", folder / "addons")


def test_installed_odoo_is_used(tmp_path, cache, monkeypatch, importable):
    monkeypatch.delenv("ODOO_SOURCE", raising=False)
    folder = lay_checkout(tmp_path / "packages", "(19, 0, 0, FINAL, 0, '')")
    importable(folder)
    assert OdooFinder(cache).find().parent == folder


def test_wrong_series_is_refused_by_name(tmp_path, run_program):
    folder = lay_checkout(tmp_path / "old", "(18, 0, 0, FINAL, 0, '')")
    ended = run_program(
        "bin/odoo", "--version", ODOO_SOURCE=str(folder), ODOO_ADDONS_CACHE=str(tmp_path / "cache")
    )
    assert ended.returncode == 1
    assert "is Odoo 18.0; Odoo 19.0 is wanted" in ended.stderr
    assert "Traceback" not in ended.stderr
    # Said before anything is fetched.
    assert not list((tmp_path / "cache").glob("python-*"))


def test_folder_that_is_no_checkout_is_refused(tmp_path, cache, monkeypatch):
    monkeypatch.setenv("ODOO_SOURCE", str(tmp_path))
    with pytest.raises(SetupError, match="no checkout of Odoo: odoo-bin, odoo, addons missing"):
        OdooFinder(cache).find()


def test_nothing_to_be_had_is_one_message_with_three_ways_out(
    tmp_path, cache, monkeypatch, importable, no_sources
):
    monkeypatch.delenv("ODOO_SOURCE", raising=False)
    importable(lay_checkout(tmp_path / "old", "(17, 0, 0, FINAL, 0, '')"))
    finder = OdooFinder(cache, no_sources)
    assert finder.find() is None
    with pytest.raises(SetupError) as caught:
        finder.fetch()
    message = str(caught.value)
    assert "1. ODOO_SOURCE: not set" in message
    assert "2. an installed Odoo 19.0: found Odoo 17.0 in" in message
    assert "3. the Debian archive:" in message
    for way_out in ("your own checkout", "Docker", "Debian machine"):
        assert way_out in message.partition("Ways out:")[2]
    assert not list(cache.root.glob("odoo-*"))
