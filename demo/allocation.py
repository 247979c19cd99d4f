"""Cups that are scarce: two customers of different tiers wait, and a receipt is to come."""

from __future__ import annotations

from odoo.fields import Command

from .days import Days

CUPS, COFFEE_BEANS = "Take-away Cup 1000", "Espresso Beans 1 kg"
# Who ordered how many, the first first.
ORDERS = (("Discount Diner", 5), ("City Coffee Chain", 6))
TARGETS = {"Gold": 0.98, "Silver": 0.95}


def make(env, days: Days, customers, products) -> None:
    """Serve better tiers first, and let more be ordered than there is.

    :param customers: by name
    :param products: by what the story calls them
    """
    by_name = {product.name: record for product, record in products.items()}
    env.company.scarce_allocation = "priority"
    for level in env["customer.service.level"].search([("name", "in", list(TARGETS))]):
        level.service_target = TARGETS[level.name]
    lines = env["vmi.agreement.line"].search([("state", "=", "running")])
    lines.filtered(lambda line: line.product_id == by_name[COFFEE_BEANS]).target_from = "highest"
    for name, quantity in ORDERS:
        partner = customers[name]
        order = env["sale.order"].create(
            {
                "partner_id": partner.id,
                "user_id": partner.user_id.id,
                "order_line": [
                    Command.create({"product_id": by_name[CUPS].id, "product_uom_qty": quantity})
                ],
            }
        )
        order.action_confirm()
        # Nobody has checked the availability yet this morning.
        order.picking_ids.do_unreserve()
