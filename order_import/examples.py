"""Have Odoo make example records, to learn what the installed modules store for one."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from odoo import Command
from odoo.tools import SQL

from .patterns import Pattern, learn
from .prices import round_to_step, unit_price

# Which facts the columns of a table may follow; the likelier first.
_FACTS = {
    "product_template": ("template", "product code", "translated product name"),
    "product_product": ("product", "template", "product code"),
    "res_partner": ("customer", "customer name", "customer reference"),
    "sale_order": ("order", "order name", "order key", "customer", "moment", "validity", "amount"),
    "sale_order_line": (
        "line",
        "order",
        "customer",
        "product",
        "product name",
        "coded product name",
        "quantity",
        "amount",
        "price",
        "rounded price",
    ),
}


# New tables count in step: without gaps of their own, a product could not be told from an order.
_ID_GAPS = {
    "product_template": 100,
    "product_product": 300,
    "res_partner": 500,
    "sale_order": 700,
    "sale_order_line": 900,
}


@dataclass
class _Example:
    records: list
    facts: dict[str, Any]


def learn_patterns(company, step: Decimal) -> dict[str, Pattern]:
    """Return table → pattern for products, customers, orders and lines.

    Two customers with a confirmed order each are made and undone again, sequence numbers
    included.

    :param company: whose orders they are, in the environment to use
    :param step: the smallest unit of the company's currency
    :raises LoadError: when a column is filled in an unknown way
    """
    cursor = company.env.cr
    with closing(cursor.savepoint()):
        # Amounts that do not divide evenly tell the price from the rounded price.
        first = _make(company, step, "Example one", 3, 20, datetime(2001, 2, 3, 4, 5, 6))
        _spread_ids(company.env)
        second = _make(company, step, "Example two", 7, 50, datetime(2002, 3, 4, 5, 6, 7))
        patterns = {
            records[0]._table: _learn_table(records, (first.facts, second.facts))
            for records in zip(first.records, second.records, strict=True)
        }
    # What was to happen once the examples are stored must not happen.
    cursor.postcommit.clear()
    return patterns


def _make(
    company, step: Decimal, name: str, quantity: int, amount: int, moment: datetime
) -> _Example:
    env = company.env
    price = unit_price(Decimal(amount), Decimal(quantity), step)
    facts = {
        "product name": name,
        "product code": f"{name} code",
        "coded product name": f"[{name} code] {name}",
        "translated product name": {"en_US": name},
        "customer name": f"{name} customer",
        "customer reference": f"{name} reference",
        "order name": f"{name} order",
        "order key": f"{name} key",
        "moment": moment.isoformat(),
        "quantity": quantity,
        "amount": amount,
        "price": price,
        "rounded price": round_to_step(Decimal(amount) / Decimal(quantity), step),
    }
    product = env["product.product"].create(
        {
            "name": facts["product name"],
            "default_code": facts["product code"],
            "type": "service",
            "invoice_policy": "delivery",
            "list_price": 0,
            "purchase_ok": False,
            "taxes_id": [Command.clear()],
            "supplier_taxes_id": [Command.clear()],
            "company_id": False,
        }
    )
    partner = env["res.partner"].create(
        {
            "name": facts["customer name"],
            "ref": facts["customer reference"],
            "customer_rank": 1,
            "company_id": False,
        }
    )
    line_values = {"price_unit": float(price), "discount": 0, "tax_ids": [Command.clear()]}
    order = env["sale.order"].create(
        {
            # A name of its own spares the sequence.
            "name": facts["order name"],
            "company_id": company.id,
            "partner_id": partner.id,
            "user_id": False,
            "client_order_ref": facts["order key"],
            "date_order": moment,
            "order_line": [
                Command.create(
                    {
                        "product_id": product.id,
                        "product_uom_qty": quantity,
                        # Differs from the price, as for one typed by hand: Odoo then keeps it.
                        "technical_price_unit": 0,
                        **line_values,
                    }
                )
            ],
        }
    )
    if order.currency_id != company.currency_id:
        # A pricelist in another currency would make the file's money that currency's.
        order.pricelist_id = False
    order.action_confirm()
    # Confirming dates an order today, and may reprice it.
    order.date_order = moment
    if order.validity_date:
        order.validity_date = moment.date() + timedelta(company.quotation_validity_days)
        facts["validity"] = order.validity_date.isoformat()
    order.order_line.write(line_values)
    env.flush_all()
    facts |= {
        "template": product.product_tmpl_id.id,
        "product": product.id,
        "customer": partner.id,
        "order": order.id,
        "line": order.order_line.id,
    }
    return _Example([product.product_tmpl_id, product, partner, order, order.order_line], facts)


def _spread_ids(env) -> None:
    for table, gap in _ID_GAPS.items():
        env.cr.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [table, gap],
        )


def _learn_table(records: tuple, facts: tuple[dict[str, Any], dict[str, Any]]) -> Pattern:
    table = records[0]._table
    return learn(
        table,
        tuple(_stored_row(record) for record in records),
        tuple({fact: known.get(fact) for fact in _FACTS[table]} for known in facts),
        _nullable_columns(records[0].env, table),
    )


def _stored_row(record) -> dict[str, Any]:
    [(text,)] = record.env.execute_query(
        SQL(
            "SELECT to_jsonb(stored)::text FROM %s stored WHERE id = %s",
            SQL.identifier(record._table),
            record.id,
        )
    )
    return json.loads(text, parse_float=Decimal)


def _nullable_columns(env, table: str) -> set[str]:
    rows = env.execute_query(
        SQL(
            """
            SELECT attname FROM pg_attribute
             WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attnotnull
            """,
            table,
        )
    )
    return {name for (name,) in rows}
