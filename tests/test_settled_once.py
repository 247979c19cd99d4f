"""Settlements at the same moment, and killed ones: what was used is billed once, none is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from consignment_data import BOOK, ConsignmentData, billing, buying_over, settling
from odoo_processes import OdooProcesses, wait_until

GATE = "SELECT pg_advisory_lock(7)"
# What somebody else holds while the work waits for it: the moment at which it is killed.
SETTLING_MOMENTS = {
    "the ledger is written": "LOCK TABLE vmi_consignment_entry IN SHARE MODE",
    "the settlement is made": "LOCK TABLE vmi_consignment_settlement IN SHARE MODE",
    "its lines are added": "LOCK TABLE vmi_consignment_settlement_line IN SHARE MODE",
}
BILLING_MOMENTS = {
    "the bill is made": "LOCK TABLE account_move IN SHARE MODE",
    "its lines are added": "LOCK TABLE account_move_line IN SHARE MODE",
    "the messages are written": "LOCK TABLE mail_message IN SHARE MODE",
}
USED = [("receipt", 20), ("sale", -6)]
BILLED = [("in_invoice", 12, 1)]


@pytest.fixture(scope="module")
def consigned(
    clone_shared_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ConsignmentData]:
    database = clone_shared_database("settled_once")
    odoo = OdooProcesses(database, tmp_path_factory.mktemp("settled_once"))
    yield ConsignmentData(database, odoo)
    odoo.end()


def test_two_who_settle_the_same_period_at_once_make_one_settlement(consigned: ConsignmentData):
    vendor = consigned.use()
    with consigned.held(GATE):
        works = [consigned.odoo.start(settling(vendor, login)) for login in ("ann", "bob")]
        wait_until(lambda: consigned.waiting() == 2)
    answers = [work.result() for work in works]
    [message] = [answer for answer in answers if isinstance(answer, str)]
    assert "is left to settle" in message
    assert consigned.entered(vendor) == USED
    assert consigned.settled(vendor) == [(6, "draft")]


def test_the_nightly_action_beside_a_settlement_enters_nothing_twice(consigned: ConsignmentData):
    vendor = consigned.use()
    with consigned.held(GATE):
        nightly = consigned.odoo.start(
            f'env.cr.execute("SELECT pg_advisory_xact_lock_shared(7)")\n{BOOK}'
        )
        settlement = consigned.odoo.start(settling(vendor))
        wait_until(lambda: consigned.waiting() == 2)
    nightly.result()
    settlement.result()
    assert consigned.entered(vendor) == USED
    assert consigned.settled(vendor) == [(6, "draft")]


def test_two_who_bill_the_same_settlement_at_once_make_one_bill(consigned: ConsignmentData):
    vendor = consigned.use()
    settlement = consigned.settle(vendor)
    with consigned.held(GATE):
        works = [consigned.odoo.start(billing(settlement, login)) for login in ("ann", "bob")]
        wait_until(lambda: consigned.waiting() == 2)
    answers = sorted((work.result() for work in works), key=len)
    assert answers[0] == "billed"
    assert "Somebody else is billing" in answers[1] or "Nothing is to be billed" in answers[1]
    assert consigned.billed(vendor) == BILLED


def test_two_who_buy_the_same_stock_over_at_once_buy_it_once(consigned: ConsignmentData):
    vendor = consigned.use()
    with consigned.held(GATE):
        works = [consigned.odoo.start(buying_over(vendor, login)) for login in ("ann", "bob")]
        wait_until(lambda: consigned.waiting() == 2)
    answers = sorted((work.result() for work in works), key=len)
    assert answers[0] == "bought"
    assert "Try again" in answers[1] or "has 0 here" in answers[1]
    assert consigned.bought_over(vendor) == [(14, "purchase")]


def test_a_settlement_killed_at_a_given_moment_leaves_nothing_and_can_be_repeated(
    consigned: ConsignmentData,
):
    for moment, statement in SETTLING_MOMENTS.items():
        vendor = consigned.use()
        consigned.kill_when_waiting(settling(vendor), statement)
        assert not consigned.entered(vendor), moment
        assert not consigned.settled(vendor), moment
        consigned.settle(vendor)
        assert consigned.entered(vendor) == USED, moment
        assert consigned.settled(vendor) == [(6, "draft")], moment


def test_a_billing_killed_at_a_given_moment_leaves_no_bill_and_can_be_repeated(
    consigned: ConsignmentData,
):
    for moment, statement in BILLING_MOMENTS.items():
        vendor = consigned.use()
        settlement = consigned.settle(vendor)
        consigned.kill_when_waiting(billing(settlement), statement)
        assert not consigned.billed(vendor), moment
        assert consigned.odoo.run(billing(settlement)) == "billed", moment
        assert consigned.billed(vendor) == BILLED, moment
        assert consigned.settled(vendor) == [(6, "billed")], moment
        assert "Nothing is to be billed" in consigned.odoo.run(billing(settlement)), moment


def test_a_deleted_bill_is_made_again_once(consigned: ConsignmentData):
    vendor = consigned.use()
    settlement = consigned.settle(vendor)
    consigned.odoo.run(billing(settlement))
    consigned.odoo.run(f'env["vmi.consignment.settlement"].browse({settlement}).bill_ids.unlink()')
    assert consigned.settled(vendor) == [(6, "draft")]
    assert consigned.odoo.run(billing(settlement)) == "billed"
    assert consigned.billed(vendor) == BILLED
