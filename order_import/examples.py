"""Have Odoo make records by hand, to learn what the installed modules store for them."""

from __future__ import annotations

import json
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from odoo import Command
from odoo.tools import SQL

from .companies import Books
from .patterns import Pattern, learn
from .prices import round_to_step, unit_price

# Which facts the columns of a table may follow; the likelier first.
_FACTS = {
    "product_template": ("template", "product code", "translated product name"),
    "product_product": ("product", "template", "product code"),
    "res_partner": ("customer", "customer name", "customer reference", "customer email"),
    "sale_order": (
        "order",
        "order name",
        "order key",
        "origin",
        "customer",
        "moment",
        "validity",
        "amount",
    ),
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


class Line(NamedTuple):
    """What is typed into a line of an order: a product, how many, the price of one."""

    product: Any
    quantity: Decimal
    price: Decimal


@dataclass
class _Example:
    records: list
    facts: dict[str, Any]


@contextmanager
def undone(env):
    """Take everything back at the end, also what was to happen once it is stored."""
    env.flush_all()
    with closing(env.cr.savepoint()):
        yield
        env.cr.postcommit.clear()
    env.invalidate_all()


def make_order(books: Books, partner, lines: list[Line], moment: datetime, **texts: str):
    """Return an order as somebody makes and confirms it by hand.

    :param moment: when it was bought, in UTC
    :param texts: values of the order's ``name``, ``client_order_ref`` and ``origin``
    """
    company = books.company
    typed = [
        {"price_unit": float(line.price), "discount": 0, "tax_ids": [Command.clear()]}
        for line in lines
    ]
    order = company.env["sale.order"].create(
        {
            # A name of its own spares the sequence.
            **texts,
            "company_id": company.id,
            "partner_id": partner.id,
            # The customer's salesperson; the program that loads is none.
            "user_id": (partner.user_id or partner.commercial_partner_id.user_id).id,
            "date_order": moment,
            "order_line": [
                Command.create(
                    {
                        "product_id": line.product.id,
                        "product_uom_qty": float(line.quantity),
                        # Differs from the price, as for one typed by hand: Odoo then keeps it.
                        "technical_price_unit": 0,
                        **values,
                    }
                )
                for line, values in zip(lines, typed, strict=True)
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
        local = moment.replace(tzinfo=None)
        order.validity_date = local.date() + timedelta(company.quotation_validity_days)
    for line, values in zip(order.order_line, typed, strict=True):
        line.write(values)
    company.env.flush_all()
    return order


def learn_patterns(books: Books) -> dict[str, Pattern]:
    """Return table → pattern for products, customers, orders and lines.

    Two customers with a confirmed order each are made and undone again, sequence numbers
    included.

    :param books: of the company whose orders they are
    :raises LoadError: when a column is filled in an unknown way
    """
    env = books.company.env
    with undone(env):
        # Amounts that do not divide evenly tell the price from the rounded price.
        first = _make(books, "Example one", 3, 20, datetime(2001, 2, 3, 4, 5, 6))
        _spread_ids(env)
        second = _make(books, "Example two", 7, 50, datetime(2002, 3, 4, 5, 6, 7))
        return {
            records[0]._table: _learn_table(records, (first.facts, second.facts))
            for records in zip(first.records, second.records, strict=True)
        }


def learn_customers(
    books: Books, partners, patterns: dict[str, Pattern]
) -> list[tuple[int, dict[str, Any], dict[str, Any]]]:
    """Return what orders of contacts have that were set up by somebody: salesperson, terms …

    :param partners: contacts
    :return: for each the id, then column → value of its orders, and of their lines, where it is
        not what the pattern says
    """
    env = books.company.env
    found = []
    with undone(env):
        facts = _facts(books, "Example", 3, 20, datetime(2001, 2, 3, 4, 5, 6))
        product = _make_product(env, facts)
        for partner in partners:
            own = dict(facts)
            order = _make_example(books, own, partner, product)
            found.append(
                (
                    partner.id,
                    patterns["sale_order"].differences(stored_row(order), own),
                    patterns["sale_order_line"].differences(stored_row(order.order_line), own),
                )
            )
    return found


def stored_row(record) -> dict[str, Any]:
    """Return column → value of a record as the database has it, numbers as Decimal."""
    [(text,)] = record.env.execute_query(
        SQL(
            "SELECT to_jsonb(stored)::text FROM %s stored WHERE id = %s",
            SQL.identifier(record._table),
            record.id,
        )
    )
    return json.loads(text, parse_float=Decimal)


def _facts(books: Books, name: str, quantity: int, amount: int, moment: datetime) -> dict[str, Any]:
    price = unit_price(Decimal(amount), Decimal(quantity), books.step)
    return {
        "product name": name,
        "product code": f"{name} code",
        "coded product name": f"[{name} code] {name}",
        "translated product name": {"en_US": name},
        "customer name": f"{name} customer",
        "customer reference": f"{name} reference",
        "customer email": f"{name.lower().replace(' ', '.')}@example.com",
        "order name": f"{name} order",
        "order key": f"{name} key",
        "origin": f"{name} origin",
        "moment": moment.isoformat(),
        "quantity": quantity,
        "amount": amount,
        "price": price,
        "rounded price": round_to_step(Decimal(amount) / Decimal(quantity), books.step),
        "validity": None,
    }


def _make(books: Books, name: str, quantity: int, amount: int, moment: datetime) -> _Example:
    env = books.company.env
    facts = _facts(books, name, quantity, amount, moment)
    product = _make_product(env, facts)
    partner = env["res.partner"].create(
        {
            "name": facts["customer name"],
            "ref": facts["customer reference"],
            "email": facts["customer email"],
            "customer_rank": 1,
            "company_id": False,
        }
    )
    order = _make_example(books, facts, partner, product)
    return _Example([product.product_tmpl_id, product, partner, order, order.order_line], facts)


def _make_product(env, facts: dict[str, Any]):
    return env["product.product"].create(
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


def _make_example(books: Books, facts: dict[str, Any], partner, product):
    order = make_order(
        books,
        partner,
        [Line(product, Decimal(facts["quantity"]), facts["price"])],
        datetime.fromisoformat(facts["moment"]),
        name=facts["order name"],
        client_order_ref=facts["order key"],
        origin=facts["origin"],
    )
    if order.validity_date:
        facts["validity"] = order.validity_date.isoformat()
    facts |= {
        "template": product.product_tmpl_id.id,
        "product": product.id,
        "customer": partner.id,
        "order": order.id,
        "line": order.order_line.id,
    }
    return order


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
        tuple(stored_row(record) for record in records),
        tuple({fact: known.get(fact) for fact in _FACTS[table]} for known in facts),
        _nullable_columns(records[0].env, table),
    )


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
