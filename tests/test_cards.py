"""What is written in the cards of the add-ons is what Odoo draws."""

from __future__ import annotations

import pytest
from lxml import etree

from environment.addons import ADDONS


def views() -> list:
    """Return the XML files of the add-ons that hold a card."""
    return [
        pytest.param(path, id=str(path.relative_to(ADDONS)))
        for path in sorted(ADDONS.glob("*/*/*.xml"))
        if b"<kanban" in path.read_bytes()
    ]


@pytest.mark.parametrize("path", views())
def test_what_is_to_be_coloured_in_a_card_has_a_widget(path) -> None:
    """Odoo draws a field without a widget as plain text there, whatever its decoration."""
    plain = [
        field.get("name")
        for field in etree.parse(path).iterfind(".//kanban//field")
        if not field.get("widget") and any(name.startswith("decoration-") for name in field.attrib)
    ]
    assert not plain
