"""Two example rows tell which columns are constant and which follow a fact."""

import pytest

from order_import.errors import LoadError
from order_import.patterns import learn

FACTS = ({"order": 5, "amount": 20}, {"order": 17, "amount": 50})


def test_constants_and_facts_are_told_apart():
    rows = (
        {"id": 5, "state": "sale", "total": 20, "note": None},
        {"id": 17, "state": "sale", "total": 50, "note": None},
    )
    pattern = learn("sale_order", rows, FACTS, set())
    assert pattern.constants == {"state": "sale", "note": None}
    assert pattern.facts == {"id": "order", "total": "amount"}
    assert pattern.columns_of("amount") == ["total"]


def test_a_column_that_follows_nothing_known_stays_empty_or_is_refused():
    rows = ({"id": 5, "token": "x"}, {"id": 17, "token": "y"})
    assert learn("sale_order", rows, FACTS, {"token"}).constants == {"token": None}
    with pytest.raises(LoadError, match=r"sale_order\.token"):
        learn("sale_order", rows, FACTS, set())


def test_facts_that_cannot_be_told_apart_are_refused():
    facts = ({"order": 5, "product": 5}, {"order": 17, "product": 17})
    with pytest.raises(LoadError, match="cannot be told apart"):
        learn("sale_order", ({"id": 5}, {"id": 17}), facts, set())


def test_moments_of_two_examples_made_one_after_the_other_are_one_constant():
    rows = ({"id": 1, "seen": "2026-06-01T10:00:00"}, {"id": 2, "seen": "2026-06-01T10:00:01"})
    pattern = learn("res_partner", rows, ({"id": 1}, {"id": 2}), nullable={"seen"})
    assert pattern.constants == {"seen": "2026-06-01T10:00:01"}
