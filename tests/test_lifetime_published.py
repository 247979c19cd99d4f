"""The lifetime models find what was published of CDNOW's customers.

The purchases are fetched from the package index when they are first used, as by the loader.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from datetime import date, datetime
from math import log

import pytest

from environment.addons import ADDONS
from order_import.errors import LoadError
from order_import.presets import PRESETS, fetch

CALIBRATED = date(1997, 9, 30)
WEEK = 7


@pytest.fixture(scope="module")
def models():
    """The models, without Odoo: they are plain functions."""
    folder = str(ADDONS / "customer_tiering_clv")
    sys.path.insert(0, folder)
    try:
        from tools import buying, spending

        yield buying, spending
    finally:
        sys.path.remove(folder)
        for name in [name for name in sys.modules if name.partition(".")[0] == "tools"]:
            del sys.modules[name]


@pytest.fixture(scope="module")
def customers() -> list[tuple[int, int, int, float]]:
    """Repeats, recency, age (in days) and mean amount of the tenth of CDNOW's customers."""
    try:
        [path] = fetch(PRESETS["cdnow-sample"].file)
    except LoadError as error:
        pytest.skip(str(error))
    spent: dict[str, dict[date, float]] = defaultdict(lambda: defaultdict(float))
    for line in path.read_text().splitlines():
        _whole, customer, day, _quantity, amount = line.split()
        when = datetime.strptime(day, "%Y%m%d").date()
        if when <= CALIBRATED:
            spent[customer][when] += float(amount)
    found = []
    for days in spent.values():
        first, *later = sorted(days)
        mean = sum(days[day] for day in later) / len(later) if later else 0.0
        last = later[-1] if later else first
        found.append((len(later), (last - first).days, (CALIBRATED - first).days, mean))
    return found


def test_when_they_buy(models, customers) -> None:
    """By BG/NBD, in weeks: three decimals of r, a and b, two of alpha."""
    buying, _spending = models
    groups = [(*key, number) for key, number in Counter(row[:3] for row in customers).items()]
    counts = Counter(row[0] for row in customers)
    assert len(customers) == 2357
    model, likelihood = buying.fit(
        False, counts, buying.group_sums(False, groups), max(row[2] for row in customers)
    )
    assert round(model.r, 3) == 0.243
    assert round(model.alpha / WEEK, 2) == 4.41
    assert round(model.a, 3) == 0.793
    assert round(model.b, 3) == 2.426
    repeats = sum(row[0] for row in customers)
    assert round(likelihood + repeats * log(WEEK), 1) == -9582.4


def test_for_how_much(models, customers) -> None:
    _buying, spending = models
    rows = [(repeats, mean) for repeats, _recency, _age, mean in customers if mean > 0]
    assert len(rows) == 946
    model, _likelihood = spending.fit(spending.Spent.of(rows), spending.customer_sums(rows))
    assert round(model.p, 2) == 6.25
    assert round(model.q, 2) == 3.74
    assert round(model.gamma, 2) == 15.44
