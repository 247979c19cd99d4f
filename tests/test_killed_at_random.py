"""Work of every kind that is killed at any moment: nothing is lost, done twice or by half.

A few kills of each; KILLS=20 for a thorough look.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from consignment_data import ConsignmentData, billing, settling
from kills import Killer, Piece, kill_and_compare, number_of_kills
from odoo_processes import OdooProcesses
from shop_data import ShopData
from supply_data import REVIEW, approving

TAKES_MINUTES = True

CUSTOMERS = 3_000
AGREEMENTS = 3
KILLS = number_of_kills(3)
EVALUATE = 'env.ref("customer_tiering.ir_cron_evaluate").method_direct_trigger()'
# Seven times does such a run write.
IN_PARTS = f"""
from odoo.addons.customer_tiering.models import customer_tier_policy
customer_tier_policy.CUSTOMERS_AT_ONCE = 500
{EVALUATE}
"""
EXCHANGE = 'env.ref("supply_partner_edi.ir_cron_exchange").method_direct_trigger()'
OURS, VENDORS = "4012345000009", "4098765000003"


class Company(ConsignmentData, ShopData):
    """A company with customers and vendors."""

    def run_scheduled(self, script: str) -> None:
        """Run a scheduled action; Odoo passes over one that was killed three times in a row."""
        self.query("DELETE FROM ir_cron_progress")
        self.odoo.run(script)


class TierRun(Piece):
    """The scheduled tier run, in which customers move, come and are placed, some at a time."""

    script = IN_PARTS
    # Of each customer nothing but what was before and what is after.
    wholes: list = []

    def __init__(self, company: Company, _folder: Path):
        self._company = company
        company.query(
            "UPDATE customer_tier_policy"
            " SET grace_days = 0, one_step_downgrade = FALSE, evaluation_hour = 0"
        )
        company.add_customers(CUSTOMERS)
        company.odoo.run('env["customer.tier.policy"].search([])._evaluate_and_commit()')

    def prepare(self):
        self._company.draw_amounts()
        self._company.add_customers(50)
        self._company.query("DELETE FROM customer_tier_evaluation WHERE is_scheduled")
        [(self._moves,)] = self._company.query("SELECT MAX(id) FROM customer_standing_change")
        # The same by hand, undisturbed and taken back.
        rows = self._company.odoo.run(
            f"""
env["customer.tier.policy"].search([]).evaluate()
env.flush_all()
env.cr.execute({self._rows()!r})
result = env.cr.fetchall()
env.cr.rollback()
"""
        )
        self.expected = [tuple(row) for row in rows]
        moves = sum(kind == "move" for kind, *_rest in rows)
        assert moves > CUSTOMERS / 10

    def repeat(self):
        self._company.run_scheduled(IN_PARTS)
        assert self._company.query(
            "SELECT COUNT(*) FROM customer_tier_evaluation"
            " WHERE is_scheduled AND state IN ('done', 'running')"
        ) == [(1,)]
        assert self._company.last_run()[0] == "done"

    def look(self):
        return self._company.query(self._rows())

    def count_mixed(self, left, wholes):
        found, *whole = (_by_customer(rows) for rows in (left, *wholes))
        customers = set().union(*whole) | found.keys()
        return sum(
            all(found.get(customer) != rows.get(customer) for rows in whole)
            for customer in customers
        )

    def _rows(self) -> str:
        return f"""
            SELECT 'standing', partner_id, ROW(tier_id, candidate_tier_id, score, revenue,
                   order_count, tier_since, downgrade_on, override_id)::text
              FROM customer_standing
             UNION ALL
            SELECT 'move', partner_id, ROW(old_tier_id, new_tier_id, reason, score)::text
              FROM customer_standing_change WHERE id > {self._moves or 0}
        """  # noqa: S608, a number of ours


def _by_customer(rows: list[tuple]) -> dict[int, Counter]:
    things = defaultdict(Counter)
    for kind, customer, *rest in rows:
        things[customer][kind, *rest] += 1
    return things


class SupplyPiece(Piece):
    """What is done about agreements, of which each time there are new ones."""

    decision = "buyer"

    def __init__(self, company: Company, _folder: Path):
        self._company = company

    def prepare(self):
        self._agreements = self._company.make_agreements(AGREEMENTS, self.decision)

    def look(self):
        return self._company.query(
            """
            WITH agreement AS (
                SELECT id, number, partner_id, next_review_date, failures
                  FROM UNNEST(%s) WITH ORDINALITY AS mine (agreement_id, number)
                  JOIN vmi_agreement ON id = agreement_id
            ),
            purchase AS (
                SELECT bought.id, bought.state, agreement.number, agreement.partner_id
                  FROM agreement JOIN purchase_order AS bought ON vmi_agreement_id = agreement.id
            )
            SELECT 'agreement', number, ROW(next_review_date, failures)::text FROM agreement
             UNION ALL
            SELECT 'proposal', number, ROW(state, approved_qty)::text
              FROM agreement
              JOIN vmi_proposal AS proposal ON proposal.agreement_id = agreement.id
         LEFT JOIN vmi_proposal_line AS line ON line.proposal_id = proposal.id
             UNION ALL
            SELECT 'order', number, ROW(purchase.state, product_qty, price_unit)::text
              FROM purchase
         LEFT JOIN purchase_order_line AS line ON line.order_id = purchase.id
             UNION ALL
            SELECT 'receipt', number, ROW(move.state, move.product_uom_qty)::text
              FROM purchase
              JOIN purchase_order_line AS line ON line.order_id = purchase.id
              JOIN stock_move AS move ON move.purchase_line_id = line.id
             UNION ALL
            SELECT 'mail', number, ''
              FROM purchase
              JOIN mail_message AS message
                ON message.model = 'purchase.order' AND message.res_id = purchase.id
              JOIN mail_notification AS sent
                ON sent.mail_message_id = message.id AND sent.res_partner_id = partner_id
             UNION ALL
            SELECT 'activity ' || activity_type_id, number, ''
              FROM agreement
              JOIN mail_activity ON res_model = 'vmi.agreement' AND res_id = agreement.id
            """,
            [self._agreements],
        )


class Review(SupplyPiece):
    """The nightly review: it orders of some agreements and asks the buyer about the last."""

    script = REVIEW
    decision = "automatic"

    def prepare(self):
        super().prepare()
        self._company.query(
            "UPDATE vmi_agreement SET decision = 'buyer' WHERE id = %s", self._agreements[-1:]
        )
        self._company.query("DELETE FROM ir_cron_progress")

    def repeat(self):
        self._company.run_schedule()


class Approval(SupplyPiece):
    """A buyer's approval of several proposals by one click."""

    # Nothing but what was before and what is after.
    wholes: list = []

    def prepare(self):
        super().prepare()
        self.script = approving("ann", self._company.review(self._agreements))

    def repeat(self):
        answer = self._company.odoo.run(self.script)
        assert answer == "approved" or "is ordered already" in answer


class Settlement(Piece):
    """A buyer who settles what was used of a vendor's stock, and bills it."""

    def __init__(self, company: Company, _folder: Path):
        self._company = company

    def prepare(self):
        self._vendor = self._company.use()
        of_vendor = f'[("partner_id", "=", {self._vendor})]'
        settlement = f'env["vmi.consignment.settlement"].search({of_vendor}).ids'
        self._settle = settling(self._vendor)
        self._bill = billing(settlement)
        self.script = self._settle + self._bill
        self.wholes = [
            [("entry", "receipt", 20), ("entry", "sale", -6), ("settled", "part", 6, "draft")]
        ]

    def repeat(self):
        answer = self._company.odoo.run(self._settle)
        assert isinstance(answer, int) or "is left to settle" in answer
        answer = self._company.odoo.run(self._bill)
        assert answer == "billed" or "Nothing is to be billed" in answer

    def look(self):
        return [
            *(("entry", *row) for row in self._company.entered(self._vendor)),
            *(("settled", "part", *row) for row in self._company.settled(self._vendor)),
            *(("bill", *row) for row in self._company.billed(self._vendor)),
        ]


class Intake(SupplyPiece):
    """The exchange by EDI: answers of a vendor to each proposal, and reports to the vendor."""

    decision = "vendor"
    script = EXCHANGE

    def __init__(self, company: Company, folder: Path):
        super().__init__(company, folder)
        self._root = folder
        self._number = 0
        company.odoo.run(
            f'env["ir.config_parameter"].set_param("supply_partner_edi.root", {str(folder)!r})'
        )

    def prepare(self):
        super().prepare()
        self._number += 1
        self._folder = self._root / f"vendor-{self._number}"
        proposals = self._company.odoo.run(
            f"""
agreements = env["vmi.agreement"].browse({self._agreements})
vendor = agreements.partner_id
vendor.global_location_number = {VENDORS!r}
env["vmi.edi.partner"].search([]).active = False
env["vmi.edi.partner"].create({{
    "partner_id": vendor.id, "user_id": agreements[0].user_id.id, "channel": "file",
    "folder": {self._folder.name!r}, "company_gln": {OURS!r}, "stock_rhythm": "daily",
    "stock_next": False,
}})._get_folder()
for line in agreements.line_ids:
    line.product_id.default_code = f"P-{{line.product_id.id}}"
result = agreements.review().mapped("name")
"""
        )
        assert len(proposals) == AGREEMENTS
        for number, proposal in enumerate(proposals):
            (self._folder / "in" / f"{number}.edi").write_text(answer(proposal, number))
        self._company.query("DELETE FROM ir_cron_progress")

    def repeat(self):
        self._company.run_scheduled(EXCHANGE)

    def look(self):
        messages = self._company.query(
            """
            SELECT 'message ' || direction, kind, message.state
              FROM vmi_message AS message
              JOIN vmi_agreement AS agreement ON agreement.partner_id = message.partner_id
             WHERE agreement.id = %s
            """,
            self._agreements[:1],
        )
        files = [
            # What is sent has the number of its message.
            (place, "" if place == "out" else path.name)
            for place in ("in", "out", "done", "error")
            for path in (self._folder / place).iterdir()
        ]
        return [*super().look(), *messages, *files]


def answer(proposal: str, number: int) -> str:
    """Return an interchange that confirms a proposal."""
    lines = [
        f"UNB+UNOC:3+{VENDORS}:14+{OURS}:14+261129:1830+{proposal}",
        "UNH+1+ORDRSP:D:96A:UN:EAN005",
        f"BGM+231+ORS-{number}-{proposal}+29",
        f"RFF+ON:{proposal}",
        "UNT+4+1",
        f"UNZ+1+{proposal}",
    ]
    return "UNA:.+? '" + "".join(f"{line}'" for line in lines)


@pytest.fixture(scope="module")
def company(
    clone_shared_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Company]:
    database = clone_shared_database("killed_at_random")
    odoo = OdooProcesses(database, tmp_path_factory.mktemp("killed_at_random"))
    yield Company(database, odoo)
    odoo.end()


@pytest.mark.parametrize("kind", [TierRun, Review, Approval, Settlement, Intake])
def test_work_killed_at_any_moment_is_done_once(company: Company, tmp_path: Path, kind):
    killer = Killer(company, company.odoo, seed=29)
    found = kill_and_compare(killer, kind(company, tmp_path), KILLS)
    assert found == {"lost": 0, "double": 0, "mixed": 0}
    # Otherwise the kills came too late to tell anything.
    assert killer.struck > KILLS / 2
