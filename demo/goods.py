"""What is bought and sold, and from whom."""

from __future__ import annotations

from odoo.fields import Command

from .cast import KETTLE, PRODUCTS, TEAPOT, VENDORS, Product, Vendor


def make(env) -> tuple[dict[Vendor, object], dict[Product, object]]:
    """Return the vendors and the products as records, by what the story calls them."""
    vendors = dict(zip(VENDORS, _vendors(env), strict=True))
    stored = (*PRODUCTS, KETTLE, TEAPOT)
    products = env["product.product"].create(
        [
            {
                "name": product.name,
                "type": "consu",
                "is_storable": True,
                "list_price": product.price,
                "standard_price": product.cost,
                "invoice_policy": "delivery",
                "purchase_method": "receive",
                "taxes_id": [Command.clear()],
                "supplier_taxes_id": [Command.clear()],
                "sale_delay": 3,
                "seller_ids": [
                    Command.create(
                        {
                            "partner_id": vendors[product.vendor].id,
                            "price": product.cost,
                            "delay": product.vendor.lead_days,
                        }
                    )
                ],
            }
            for product in stored
        ]
    )
    return vendors, dict(zip(stored, products, strict=True))


def make_cases(env) -> dict[int, object]:
    """Return the units in which vendors sell: cases of so many pieces."""
    piece = env.ref("uom.product_uom_unit")
    sizes = sorted({product.multiple for product in (*PRODUCTS, KETTLE, TEAPOT)})
    cases = env["uom.uom"].create(
        [
            {"name": f"Case of {size}", "relative_factor": size, "relative_uom_id": piece.id}
            for size in sizes
        ]
    )
    return dict(zip(sizes, cases, strict=True))


def _vendors(env):
    return env["res.partner"].create(
        [
            {
                "name": vendor.name,
                "is_company": True,
                "email": vendor.email,
                "phone": f"+1 555 03{number:02}",
                "supplier_rank": 1,
            }
            for number, vendor in enumerate(VENDORS)
        ]
    )
