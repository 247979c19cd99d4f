"""Four people who work beside something else: each does one thing again and again.

A salesperson confirms orders, an accountant posts invoices, a manager of tiers edits contacts,
tiers and overrides, and somebody merges contacts. Each has an ordinary role, a process and a
connection, and everything done is a transaction that Odoo begins anew where the database turns it
away, as it does for clients.
"""

from __future__ import annotations

import itertools
import statistics
import time
import traceback
from dataclasses import dataclass, field

from odoo.api import Environment
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.model import retrying

ROLES = {
    "sells": ("sales_team.group_sale_salesman",),
    "bills": ("account.group_account_invoice",),
    "edits": ("customer_tiering.group_tiering_manager", "base.group_partner_manager"),
    "merges": ("sales_team.group_sale_salesman", "base.group_partner_manager"),
}


@dataclass
class Report:
    """What somebody did: for each thing its seconds, and how often it was begun anew.

    :ivar errors: what the person was shown instead of a success
    """

    who: str
    seconds: list[float] = field(default_factory=list)
    anew: int = 0
    errors: list[str] = field(default_factory=list)

    def line(self) -> str:
        """Return the report as a line of a table."""
        times = f"median {statistics.median(self.seconds):.2f} s, worst {max(self.seconds):.2f} s"
        return (
            f"  {self.who:<8}{len(self.seconds):>6} times, {times}, "
            f"begun anew {self.anew}, errors {len(self.errors)}"
        )


def make_users(env) -> dict[str, list[int]]:
    """Make the four and what they need; return customers of theirs by who they are.

    Nobody's customers are another's, so that they wait for nobody but what they work beside.
    """
    for who, groups in ROLES.items():
        if not env["res.users"].search([("login", "=", who)]):
            env["res.users"].create(
                {
                    "name": who.title(),
                    "login": who,
                    "group_ids": [Command.set([env.ref(group).id for group in groups])],
                }
            )
    env["product.product"].create({"name": "Advice", "type": "service", "list_price": 70})
    env.cr.execute(
        """
        SELECT partner_id FROM sale_order JOIN res_partner AS partner ON partner.id = partner_id
         WHERE state = 'sale' AND active AND parent_id IS NULL
      GROUP BY partner_id ORDER BY HASHINT4(partner_id) LIMIT 40000
        """
    )
    customers = [partner for (partner,) in env.cr.fetchall()]
    shares = {who: customers[number :: len(ROLES)] for number, who in enumerate(ROLES)}
    # Odoo has nobody but administrators merge contacts of different addresses.
    env.cr.execute("UPDATE res_partner SET email = NULL WHERE id = ANY(%s)", [shares["merges"]])
    env.cr.commit()
    return shares


def work(database: str, who: str, customers: list[int], is_over) -> Report:
    """Do one's thing again and again until it is over, and once at least.

    :param customers: ids of one's own customers; each is served once
    :param is_over: called without arguments
    """
    report = Report(who)
    registry = Registry(database)
    with registry.cursor() as cr:
        cr.execute("SELECT id FROM res_users WHERE login = %s", [who])
        (user_id,) = cr.fetchone()
    left = iter(customers)
    for number in itertools.count():
        if number and is_over():
            return report
        _do_once(registry, user_id, THINGS[who], number, left, report)
    raise AssertionError


def _do_once(registry, user_id, thing, number, left, report):
    mine = list(itertools.islice(left, 2))
    attempts = []
    with registry.cursor() as cr:
        env = Environment(cr, user_id, {"lang": "en_US", "tz": "UTC"})

        def attempt():
            attempts.append(1)
            thing(env, env["res.partner"].browse(mine), number)
            env.flush_all()

        start = time.monotonic()
        try:
            retrying(attempt, env)
        except Exception:
            cr.rollback()
            report.errors.append(f"{report.who}: {traceback.format_exc()}")
        report.seconds.append(time.monotonic() - start)
    report.anew += len(attempts) - 1


def _sell(env, customers, _number):
    order = env["sale.order"].create(
        {
            "partner_id": customers[0].id,
            "order_line": [Command.create({"product_id": _advice(env).id})],
        }
    )
    order.action_confirm()


def _bill(env, customers, _number):
    invoice = env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": customers[0].id,
            "invoice_line_ids": [Command.create({"product_id": _advice(env).id})],
        }
    )
    invoice.action_post()


def _edit(env, customers, number):
    customer = customers[0]
    if number % 3 == 0:
        customer.write({"name": f"{customer.name}!", "phone": "1234", "is_company": True})
    elif number % 3 == 1:
        tier = env["customer.tier"].search([], order="sequence", limit=1)
        env["customer.tier.override"].create(
            {"partner_id": customer.id, "tier_id": tier.id, "reason": "Agreed"}
        )
    else:
        env["customer.tier"].search([], limit=1).name = f"Friends of {customer.name}"


def _merge(env, customers, _number):
    wizard = env["base.partner.merge.automatic.wizard"].create(
        {
            "partner_ids": [Command.set(customers.ids)],
            "dst_partner_id": customers[0].id,
            "state": "selection",
        }
    )
    wizard.action_merge()


def _advice(env):
    return env["product.product"].search([("name", "=", "Advice")], limit=1)


THINGS = {"sells": _sell, "bills": _bill, "edits": _edit, "merges": _merge}
