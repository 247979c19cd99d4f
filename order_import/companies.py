"""The company that a file is loaded into, and how it counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from decimal import Decimal
from typing import Any

import pytz

from .errors import LoadError


@dataclass(frozen=True)
class Books:
    """How a company counts.

    :param company: the company, in an environment of its own
    :param timezone: the zone its dates are in
    :param step: the smallest unit of its currency
    :param quantity_decimals: the decimals of quantities
    """

    company: Any
    timezone: tzinfo
    step: Decimal
    quantity_decimals: int


def books_of(env, name: str | None) -> Books:
    """Return the books of a company.

    The zone is that of the company's working calendar, else of its partner, else UTC.

    :param name: the company's name or id; None means the superuser's own company
    :raises LoadError: when there is no such company, or more than one
    """
    company = _find_company(env, name)
    context = {
        "allowed_company_ids": company.ids,
        "tracking_disable": True,
        "mail_create_nosubscribe": True,
    }
    company = company.with_env(env(context=context))
    zone = company.resource_calendar_id.tz or company.partner_id.tz or "UTC"
    return Books(
        company,
        pytz.timezone(zone),
        Decimal(repr(company.currency_id.rounding)),
        company.env["decimal.precision"].precision_get("Product Unit"),
    )


def _find_company(env, name: str | None):
    if name is None:
        return env.user.company_id
    companies = env["res.company"].search([])
    found = companies.filtered(lambda company: company.name == name)
    if not found and name.isascii() and name.isdigit():
        found = companies.filtered(lambda company: company.id == int(name))
    if len(found) == 1:
        return found
    if found:
        ids = ", ".join(str(company.id) for company in found)
        raise LoadError(f"{len(found)} companies are named {name!r}: give one of the ids {ids}")
    known = ", ".join(f"{company.name} ({company.id})" for company in companies)
    raise LoadError(f"there is no company {name!r}; there are: {known}")
