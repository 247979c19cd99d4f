"""Reviews and approvals that are killed: no second order, and none is lost."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

import pytest
from odoo_processes import OdooProcesses
from supply_data import REVIEW, SupplyData

mails_orders = pytest.mark.skipif(
    not shutil.which("wkhtmltopdf"), reason="no wkhtmltopdf, which makes the PDF of a mailed order"
)

# What somebody else holds while the work waits for it: the moment at which it is killed.
REVIEW_MOMENTS = {
    "old proposals are looked at": "LOCK TABLE vmi_proposal IN ACCESS EXCLUSIVE MODE",
    "stock is added up": "LOCK TABLE stock_quant IN ACCESS EXCLUSIVE MODE",
    "what was found is written": "LOCK TABLE vmi_agreement_line IN SHARE MODE",
    "proposals are made": "LOCK TABLE vmi_proposal IN SHARE MODE",
    "their lines are added": "LOCK TABLE vmi_proposal_line IN SHARE MODE",
}
APPROVAL_MOMENTS = {
    "the state is written": "LOCK TABLE vmi_proposal IN SHARE MODE",
    "the order is made": "LOCK TABLE purchase_order IN SHARE MODE",
    "its lines are added": "LOCK TABLE purchase_order_line IN SHARE MODE",
    "the proposal's line is written": "LOCK TABLE vmi_proposal_line IN SHARE MODE",
}
CONFIRMATION_MOMENTS = {
    **APPROVAL_MOMENTS,
    "the receipt is made": "LOCK TABLE stock_picking IN SHARE MODE",
    "the mail is written": "LOCK TABLE mail_mail IN SHARE MODE",
}


@pytest.fixture(scope="module")
def supply(
    clone_shared_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SupplyData]:
    database = clone_shared_database("killed_supply")
    odoo = OdooProcesses(database, tmp_path_factory.mktemp("killed_supply"))
    yield SupplyData(database, odoo)
    odoo.end()


def check_ordered_once(supply: SupplyData, agreements: list[int]) -> None:
    """Check that each agreement has one confirmed order of one line, mailed to Acme once."""
    assert supply.proposed(agreements) == [("ordered", 120, agreement) for agreement in agreements]
    ordered = supply.ordered(agreements)
    assert sorted(rest for _order, *rest in ordered) == [
        ["purchase", 120, agreement] for agreement in agreements
    ]
    orders = [order for order, *_rest in ordered]
    mails = supply.query(
        """
        SELECT message.res_id FROM mail_message AS message
          JOIN mail_notification AS sent ON sent.mail_message_id = message.id
          JOIN res_partner AS vendor ON vendor.id = sent.res_partner_id AND vendor.name = 'Acme'
         WHERE message.model = 'purchase.order' AND message.res_id = ANY(%s)
      ORDER BY message.res_id
        """,
        [orders],
    )
    assert [order for (order,) in mails] == sorted(orders)


def test_a_review_killed_at_a_given_moment_leaves_nothing_and_the_next_one_proposes(
    supply: SupplyData,
):
    for moment, statement in REVIEW_MOMENTS.items():
        agreements = supply.make_agreements(2, "buyer")
        supply.kill_when_waiting(REVIEW, statement)
        assert not supply.proposed(agreements), moment
        for _time in range(2):
            supply.run_schedule()
            assert supply.proposed(agreements) == [
                ("draft", 120, agreement) for agreement in agreements
            ], moment
        assert not supply.ordered(agreements), moment


def test_an_approval_killed_at_a_given_moment_orders_nothing_and_can_be_repeated(
    supply: SupplyData,
):
    for moment, statement in APPROVAL_MOMENTS.items():
        agreements = supply.make_agreements(1, "buyer")
        proposals = supply.review(agreements)
        approve = f"""
ann = env["res.users"].search([("login", "=", "ann")])
env["vmi.proposal"].with_user(ann).browse({proposals}).action_approve()
"""
        supply.kill_when_waiting(approve, statement)
        assert [state for state, *_rest in supply.proposed(agreements)] == ["draft"], moment
        assert not supply.ordered(agreements), moment
        supply.odoo.run(approve)
        [(_order, state, quantity, _agreement)] = supply.ordered(agreements)
        assert (state, quantity) == ("draft", 120), moment


@mails_orders
def test_an_automatic_order_killed_at_a_given_moment_is_made_by_the_next_run(supply: SupplyData):
    for moment, statement in CONFIRMATION_MOMENTS.items():
        agreements = supply.make_agreements(1, "buyer")
        supply.review(agreements)
        # What a killed run left between the review and its orders.
        supply.query(
            "UPDATE vmi_agreement SET decision = 'automatic' WHERE id = ANY(%s)", [agreements]
        )
        supply.kill_when_waiting(REVIEW, statement)
        assert not supply.ordered(agreements), moment
        for _time in range(2):
            supply.run_schedule()
            check_ordered_once(supply, agreements)
