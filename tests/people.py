"""What people do in Odoo while policies are evaluated, each thing in a transaction of its own."""

from __future__ import annotations

import random
import time
import traceback

from odoo.api import Environment
from odoo.fields import Command
from odoo.service.model import retrying


def confirm_order(env, customer, _leaver):
    order = env["sale.order"].create(
        {
            "partner_id": customer.id,
            "order_line": [Command.create({"product_id": _product(env).id, "price_unit": 70})],
        }
    )
    order.action_confirm()


def post_invoice(env, customer, _leaver):
    invoice = env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": customer.id,
            "invoice_line_ids": [
                Command.create({"product_id": _product(env).id, "price_unit": 70})
            ],
        }
    )
    invoice.action_post()


def edit_partner(env, customer, _leaver):
    customer.write({"name": f"{customer.name}!", "phone": "1234", "is_company": True})


def merge_partners(env, customer, leaver):
    wizard = env["base.partner.merge.automatic.wizard"].create({})
    wizard._merge([customer.id, leaver.id], customer)


def delete_partner(env, _customer, leaver):
    orders = env["sale.order"].search([("partner_id", "=", leaver.id)])
    orders._action_cancel()
    orders.unlink()
    leaver.unlink()


def set_override(env, customer, _leaver):
    tier = env["customer.tier"].search([], order="sequence", limit=1)
    env["customer.tier.override"].create(
        {"partner_id": customer.id, "tier_id": tier.id, "reason": "A promise"}
    )


def remove_override(env, _customer, _leaver):
    env["customer.tier.override"].search(
        [("state", "=", "active")], order="id", limit=1
    ).action_remove()


def rename_tier(env, customer, _leaver):
    env["customer.tier"].search([], limit=1).name = f"Friends of {customer.name}"


THINGS = (
    confirm_order,
    post_invoice,
    edit_partner,
    merge_partners,
    set_override,
    delete_partner,
    set_override,
    rename_tier,
    remove_override,
)


class People:
    """Does things in turn, each with customers drawn by dice.

    :param customers: ids of those who stay
    :param leavers: ids of those who may be deleted or merged into others, once each
    """

    def __init__(self, env, customers: list[int], leavers: list[int], seed: int = 0):
        self._registry = env.registry
        self._user_id = env.ref("base.user_admin").id
        self._dice = random.Random(seed)
        self._customers = customers
        self._leavers = leavers
        self.report = {"times": [], "failures": [], "gone": []}

    def work(self, rounds: int) -> dict:
        """Do everything so many times and return the report.

        :return: ``times``: for each thing its name, when it began (seconds since 1970) and how
            long each attempt took (seconds); ``failures``: tracebacks; ``gone``: ids of the
            customers who were deleted or merged into others
        """
        for thing in THINGS * rounds:
            self._do(thing)
        return self.report

    def _do(self, thing) -> None:
        customer_id = self._dice.choice(self._customers)
        uses_up = thing in (merge_partners, delete_partner)
        leaver_id = self._leavers.pop() if uses_up else None
        attempts = []

        with self._registry.cursor() as cr:
            env = Environment(cr, self._user_id, {})

            def attempt():
                start = time.monotonic()
                try:
                    partners = env["res.partner"]
                    thing(env, partners.browse(customer_id), partners.browse(leaver_id))
                    env.flush_all()
                finally:
                    attempts.append(time.monotonic() - start)

            start = time.time()
            try:
                # As every call of a client does.
                retrying(attempt, env)
            except Exception:
                self.report["failures"].append(f"{thing.__name__}\n{traceback.format_exc()}")
                cr.rollback()
        self.report["times"].append((thing.__name__, start, attempts))
        if uses_up:
            self.report["gone"].append(leaver_id)


def _product(env):
    return env["product.product"].search([("type", "=", "service")], limit=1)
