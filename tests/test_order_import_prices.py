"""Unit prices give the amount of a line back, computed as Odoo does: in floats, then rounded."""

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from order_import.prices import round_to_step, storable_quantity, unit_price

CENT = Decimal("0.01")
STEPS = [CENT, Decimal("1"), Decimal("0.001"), Decimal("0.05")]


def recomputed(price: Decimal, quantity: Decimal, step: Decimal) -> Decimal:
    return round_to_step(Decimal(repr(float(price) * float(quantity))), step)


@given(
    steps=st.integers(0, 10**10),
    hundredths=st.integers(1, 10**8),
    step=st.sampled_from(STEPS),
)
@example(steps=25_000, hundredths=8_963_800, step=CENT)
def test_price_times_quantity_is_the_amount(steps, hundredths, step):
    amount, quantity = steps * step, hundredths * CENT
    price = unit_price(amount, quantity, step)
    assert recomputed(price, quantity, step) == amount
    assert abs(price * quantity - amount) <= step / 10_000


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 999)), max_size=100))
def test_lines_rounded_only_as_a_whole_add_up_too(lines):
    amounts = [cents * CENT for cents, _quantity in lines]
    raw = sum(
        unit_price(amount, Decimal(quantity), CENT) * quantity
        for amount, (_cents, quantity) in zip(amounts, lines, strict=True)
    )
    assert round_to_step(Decimal(raw), CENT) == sum(amounts)


@pytest.mark.parametrize(
    ("amount", "quantity", "price"),
    [
        ("11.77", "1", "11.77"),
        ("29.33", "2", "14.665"),
        ("12.00", "3", "4.00"),
        ("100.00", "3", "33.333333"),
        ("5.00", "0.25", "20.00"),
        ("0.00", "4", "0.00"),
    ],
)
def test_price_has_no_more_decimals_than_it_needs(amount, quantity, price):
    assert str(unit_price(Decimal(amount), Decimal(quantity), CENT)) == price


def test_quantity_is_rounded_as_odoo_stores_it_but_never_to_nothing():
    assert storable_quantity(Decimal("1.005"), 2) == Decimal("1.01")
    assert storable_quantity(Decimal("0.0004"), 2) == CENT


def test_halves_of_a_cent_are_rounded_up():
    assert round_to_step(Decimal("0.125"), CENT) == Decimal("0.13")
    assert round_to_step(Decimal("10.03"), Decimal("0.05")) == Decimal("10.05")
