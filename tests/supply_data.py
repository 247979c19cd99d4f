"""Agreements with a vendor in a database of its own, and a look at what came of them."""

from __future__ import annotations

from database_view import DatabaseView
from odoo_processes import OdooProcesses, Work, wait_until

REVIEW = 'env.ref("supply_partner.ir_cron_review").method_direct_trigger()'

_MAKE = """
from odoo.fields import Command

group = env.ref("purchase.group_purchase_user").ids
buyers = env["res.users"].search([("login", "in", ("ann", "bob"))], order="login")
if not buyers:
    buyers = env["res.users"].create([
        {"name": login, "login": login, "email": login + "@example.com",
         "group_ids": [Command.set(group)]}
        for login in ("ann", "bob")
    ])
vendor = env["res.partner"].create({"name": "Acme", "is_company": True, "email": "a@example.com"})
products = env["product.product"].create([
    {"name": f"Part {number}", "is_storable": True, "supplier_taxes_id": [Command.clear()],
     "seller_ids": [Command.create({"partner_id": vendor.id, "price": 2, "delay": 3})]}
    for number in range(COUNT)
])
agreements = env["vmi.agreement"].with_user(buyers[0]).create([
    {"partner_id": vendor.id, "decision": DECISION, "line_ids": [
        Command.create({"product_id": product.id, "min_qty": 60, "max_qty": 120})
    ]}
    for product in products
])
agreements.action_start()
result = agreements.ids
"""


class SupplyData(DatabaseView):
    """Agreements on one product each: nothing is there, the minimum 60, the maximum 120."""

    def __init__(self, database: str, odoo: OdooProcesses):
        super().__init__(database)
        self.odoo = odoo

    def make_agreements(self, count: int, decision: str) -> list[int]:
        """Return the ids of new running agreements; earlier ones are closed."""
        self.odoo.run('env["vmi.agreement"].search([("state", "=", "running")]).action_close()')
        return self.odoo.run(_MAKE.replace("COUNT", str(count)).replace("DECISION", repr(decision)))

    def review(self, agreements: list[int]) -> list[int]:
        """Review at once; return the ids of the proposals."""
        return self.odoo.run(f'result = env["vmi.agreement"].browse({agreements}).review().ids')

    def run_schedule(self) -> None:
        """Run the scheduled action until it has done all there was, as Odoo's worker does."""
        remaining = 1
        while remaining:
            # Odoo itself passes over an action once that was killed three times in a row.
            self.query("DELETE FROM ir_cron_progress")
            self.odoo.run(REVIEW)
            [(remaining,)] = self.query(
                "SELECT remaining FROM ir_cron_progress ORDER BY id DESC LIMIT 1"
            )

    def proposed(self, agreements: list[int]) -> list[tuple]:
        """Return state, quantity and agreement of each proposal's line, oldest first."""
        return self.query(
            """
            SELECT proposal.state, line.approved_qty, proposal.agreement_id
              FROM vmi_proposal AS proposal
         LEFT JOIN vmi_proposal_line AS line ON line.proposal_id = proposal.id
             WHERE proposal.agreement_id = ANY(%s)
          ORDER BY proposal.id
            """,
            [agreements],
        )

    def ordered(self, agreements: list[int]) -> list[tuple]:
        """Return order, state, quantity and agreement of each line that was ordered."""
        return self.query(
            """
            SELECT purchase.id, purchase.state, line.product_qty, purchase.vmi_agreement_id
              FROM purchase_order AS purchase
         LEFT JOIN purchase_order_line AS line ON line.order_id = purchase.id
             WHERE purchase.vmi_agreement_id = ANY(%s)
          ORDER BY purchase.id, line.id
            """,
            [agreements],
        )

    def kill_when_waiting(self, script: str, statement: str) -> None:
        """Kill a script at the moment at which it needs what the statement locks."""
        with self.held(statement):
            work = self.odoo.start(script)
            wait_until(self.waiting)
            work.kill()
        self.wait_for_the_end()

    def kill(self, work: Work) -> None:
        """Kill the work and wait until the server has noticed."""
        work.kill()
        self.wait_for_the_end()

    def wait_for_the_end(self) -> None:
        """Wait until nobody else is connected."""
        wait_until(lambda: not self.connections())


def approving(login: str, proposals: list[int]) -> str:
    """Return the script by which a person who sees the proposals open approves them.

    As a browser asks for it: Odoo repeats it when the database turns it away. ``result`` is
    ``approved``, or the message that the person gets.
    """
    return f"""
from odoo.exceptions import UserError
from odoo.service.model import retrying

env = env(user=env["res.users"].search([("login", "=", {login!r})]).id)
proposals = env["vmi.proposal"].browse({proposals})
result = proposals.mapped("state")
env.cr.execute("SELECT pg_advisory_xact_lock_shared(7)")
try:
    retrying(proposals.action_approve, env)
    result = "approved"
except UserError as error:
    env.cr.rollback()
    result = str(error)
"""
