"""Two people decide at the same moment, over connections of their own: one order."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from odoo_processes import OdooProcesses, wait_until
from supply_data import SupplyData, approving

_REVIEW = """
from odoo.exceptions import UserError
from odoo.service.model import retrying

env = env(user=env["res.users"].search([("login", "=", "ann")]).id)
agreement = env["vmi.agreement"].browse(AGREEMENTS)
result = agreement.mapped("state")
env.cr.execute("SELECT pg_advisory_xact_lock_shared(7)")
try:
    result = len(retrying(agreement.review, env))
except UserError as error:
    env.cr.rollback()
    result = str(error)
"""
_GATE = "SELECT pg_advisory_lock(7)"
# Where a decision stands still when it has locked what it decides about.
_ORDERING = "LOCK TABLE purchase_order IN SHARE MODE"
_BUSY = "Somebody else is deciding about this agreement at this moment."
ROUNDS = 3


@pytest.fixture(scope="module")
def supply(
    clone_shared_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SupplyData]:
    database = clone_shared_database("supply_at_once")
    odoo = OdooProcesses(database, tmp_path_factory.mktemp("supply_at_once"))
    yield SupplyData(database, odoo)
    odoo.end()


def two_proposals(supply: SupplyData) -> tuple[list[int], int, int]:
    """Return an agreement, and its two proposals: 120 first, then 100 that went meanwhile."""
    agreements = supply.make_agreements(1, "buyer")
    [first] = supply.review(agreements)
    supply.odoo.run(
        f"""
line = env["vmi.agreement"].browse({agreements}).line_ids
env["stock.quant"]._update_available_quantity(line.product_id, line.location_id, -100)
"""
    )
    [second] = supply.review(agreements)
    return agreements, first, second


def quantities(supply: SupplyData, agreements: list[int]) -> list[tuple[str, int]]:
    """Return state and quantity of each line that was ordered."""
    return [(state, quantity) for _order, state, quantity, _ in supply.ordered(agreements)]


def test_who_comes_while_somebody_decides_gets_a_message(supply: SupplyData):
    agreements = supply.make_agreements(1, "buyer")
    proposals = supply.review(agreements)
    with supply.held(_ORDERING):
        ann = supply.odoo.start(approving("ann", proposals))
        wait_until(supply.waiting)
        assert _BUSY in supply.odoo.run(approving("bob", proposals))
    assert ann.result() == "approved"
    assert "is ordered already" in supply.odoo.run(approving("bob", proposals))
    assert quantities(supply, agreements) == [("draft", 120)]


def test_who_saw_it_open_and_comes_later_gets_a_message(supply: SupplyData):
    agreements = supply.make_agreements(1, "buyer")
    proposals = supply.review(agreements)
    with supply.held(_GATE):
        # Bob's transaction began before anything was decided.
        bob = supply.odoo.start(approving("bob", proposals))
        wait_until(supply.waiting)
        ann = approving("ann", proposals).replace("pg_advisory_xact_lock_shared(7)", "1")
        assert supply.odoo.run(ann) == "approved"
    assert "is ordered already" in bob.result()
    assert quantities(supply, agreements) == [("draft", 120)]


def test_two_who_approve_the_same_proposal_at_once_make_one_order(supply: SupplyData):
    for _round in range(ROUNDS):
        agreements = supply.make_agreements(1, "buyer")
        proposals = supply.review(agreements)
        with supply.held(_GATE):
            people = [supply.odoo.start(approving(login, proposals)) for login in ("ann", "bob")]
            wait_until(lambda: supply.waiting() == 2)
        answers = sorted((person.result() for person in people), key=len)
        assert answers[0] == "approved"
        assert _BUSY in answers[1] or "is ordered already" in answers[1]
        assert quantities(supply, agreements) == [("draft", 120)]


def test_two_proposals_of_an_agreement_at_once_come_into_one_order(supply: SupplyData):
    for _round in range(ROUNDS):
        agreements, *proposals = two_proposals(supply)
        assert [quantity for _state, quantity, _ in supply.proposed(agreements)] == [120, 100]
        people = dict(zip(("ann", "bob"), proposals, strict=True))
        with supply.held(_GATE):
            works = {
                login: supply.odoo.start(approving(login, [proposal]))
                for login, proposal in people.items()
            }
            wait_until(lambda: supply.waiting() == 2)
        answers = {login: work.result() for login, work in works.items()}
        for login, answer in answers.items():
            # Who was told to look again does.
            if _BUSY in answer:
                answer = supply.odoo.run(approving(login, [people[login]]))
            assert answer == "approved"
        assert quantities(supply, agreements) == [("draft", 220)]


def test_two_proposals_of_an_agreement_one_seen_before_the_other_was_ordered(supply: SupplyData):
    agreements, first, second = two_proposals(supply)
    with supply.held(_GATE):
        bob = supply.odoo.start(approving("bob", [second]))
        wait_until(supply.waiting)
        ann = approving("ann", [first]).replace("pg_advisory_xact_lock_shared(7)", "1")
        assert supply.odoo.run(ann) == "approved"
    assert bob.result() == "approved"
    assert quantities(supply, agreements) == [("draft", 220)]


def test_two_reviews_at_once_propose_once(supply: SupplyData):
    for _round in range(ROUNDS):
        agreements = supply.make_agreements(1, "buyer")
        script = _REVIEW.replace("AGREEMENTS", str(agreements))
        with supply.held(_GATE):
            people = [supply.odoo.start(script) for _person in range(2)]
            wait_until(lambda: supply.waiting() == 2)
        answers = [person.result() for person in people]
        assert answers.count(1) == 1, answers
        assert all(answer in (0, 1) or "Somebody else is reviewing" in answer for answer in answers)
        assert [quantity for _state, quantity, _ in supply.proposed(agreements)] == [120]


# A place with 80 above its maximum, and two that lack 120 each.
_SURPLUS = """
from odoo.fields import Command

ann = env["res.users"].search([("login", "=", "ann")])
env = env(user=ann.id)
giving = env["vmi.agreement"].browse(AGREEMENTS)
product, vendor = giving.line_ids.product_id, giving.partner_id
env["stock.quant"].sudo()._update_available_quantity(product, giving.location_id, 200)
places = env["stock.location"].sudo().create([
    {"name": name, "location_id": giving.warehouse_id.view_location_id.id}
    for name in ("Shop", "Van")
])
giving.warehouse_id.sudo().buy_to_resupply = True
env["stock.rule"].sudo().create([
    {**giving.warehouse_id.sudo().buy_pull_id.copy_data()[0], "location_dest_id": place.id}
    for place in places
])
taking = env["vmi.agreement"].create([
    {"partner_id": vendor.id, "location_id": place.id, "line_ids": [
        Command.create({"product_id": product.id, "min_qty": 60, "max_qty": 120})
    ]}
    for place in places
])
taking.action_start()
result = taking.ids
"""


def test_two_reviews_at_once_give_a_surplus_away_once(supply: SupplyData):
    for _round in range(ROUNDS):
        giving = supply.make_agreements(1, "buyer")
        taking = supply.odoo.run(_SURPLUS.replace("AGREEMENTS", str(giving)))
        with supply.held(_GATE):
            people = [
                supply.odoo.start(_REVIEW.replace("AGREEMENTS", str([agreement])))
                for agreement in taking
            ]
            wait_until(lambda: supply.waiting() == 2)
        answers = [person.result() for person in people]
        assert all(answer in (1, 2) for answer in answers), answers
        # One gets the 80 above the maximum and buys 40, the other one buys all.
        assert sorted(quantity for _state, quantity, _ in supply.proposed(taking)) == [40, 80, 120]


def test_a_place_about_which_somebody_decides_gives_nothing_and_stops_nobody(supply: SupplyData):
    giving = supply.make_agreements(1, "buyer")
    taking = supply.odoo.run(_SURPLUS.replace("AGREEMENTS", str(giving)))
    supply.query(
        "UPDATE vmi_agreement SET next_review_date = CURRENT_DATE WHERE id = ANY(%s)", [taking]
    )
    with supply.held("SELECT 1 FROM vmi_agreement WHERE id = %s FOR NO KEY UPDATE", giving):
        supply.run_schedule()
    assert sorted(quantity for _state, quantity, _ in supply.proposed(taking)) == [120, 120]


def test_what_somebody_is_deciding_about_is_ordered_by_the_next_run(supply: SupplyData):
    agreements = supply.make_agreements(2, "buyer")
    supply.review(agreements)
    supply.query("UPDATE vmi_agreement SET decision = 'automatic' WHERE id = ANY(%s)", [agreements])
    lock = "SELECT 1 FROM vmi_agreement WHERE id = %s FOR NO KEY UPDATE"
    with supply.held(lock, agreements[:1]):
        supply.run_schedule()
    assert supply.proposed(agreements) == [
        ("draft", 120, agreements[0]),
        ("ordered", 120, agreements[1]),
    ]
    # It is not left to the buyer for good.
    assert not supply.query("SELECT 1 FROM vmi_proposal WHERE is_over_limit")
    supply.run_schedule()
    assert quantities(supply, agreements) == [("purchase", 120), ("purchase", 120)]


def test_of_two_givers_the_one_that_is_free_gives(supply: SupplyData):
    giving = supply.make_agreements(1, "buyer")
    shop, van = supply.odoo.run(_SURPLUS.replace("AGREEMENTS", str(giving)))
    supply.odoo.run(
        f"""
place = env["vmi.agreement"].browse({van}).location_id
product = env["vmi.agreement"].browse({giving}).line_ids.product_id
env["stock.quant"]._update_available_quantity(product, place, 150)
"""
    )
    with supply.held("SELECT 1 FROM vmi_agreement WHERE id = ANY(%s) FOR NO KEY UPDATE", [giving]):
        proposals = supply.review([shop])
    assert sorted(quantity for _state, quantity, _ in supply.proposed([shop])) == [30, 90]
    givers = supply.query(
        """
        SELECT giver.agreement_id FROM vmi_proposal_line AS line
          JOIN vmi_agreement_line AS giver ON giver.id = line.source_line_id
         WHERE line.proposal_id = ANY(%s)
        """,
        [proposals],
    )
    assert givers == [(van,)]


def test_a_line_that_somebody_is_writing_sets_its_agreement_aside_and_no_other(supply: SupplyData):
    agreements = supply.make_agreements(5, "buyer")
    busy = agreements[2]
    supply.odoo.run(
        f"""
for line in env["vmi.agreement"].browse({agreements}).line_ids:
    env["stock.quant"]._update_available_quantity(line.product_id, line.location_id, 10)
"""
    )
    with supply.held("UPDATE vmi_agreement_line SET min_qty = 50 WHERE agreement_id = %s", [busy]):
        supply.run_schedule()
    done = [(agreement, quantity) for _state, quantity, agreement in supply.proposed(agreements)]
    assert sorted(done) == [(agreement, 110) for agreement in agreements if agreement != busy]
    [(failed, failures)] = supply.query(
        "SELECT id, failures FROM vmi_agreement WHERE failures IS NOT NULL"
    )
    assert failed == busy
    assert "at work on it" in failures["review"]
    supply.run_schedule()
    assert ("draft", 110, busy) in supply.proposed(agreements)
    assert not supply.query("SELECT 1 FROM vmi_agreement WHERE failures IS NOT NULL")
