"""The company itself: its settings, its people, and what its tiers give."""

from __future__ import annotations

from odoo.fields import Command

from . import cast

FEATURES = (
    "product.group_product_pricelist",
    "sale.group_discount_per_so_line",
    "crm.group_use_lead",
    "stock.group_stock_multi_locations",
)


def make(env) -> dict:
    """Name the company, switch on what it needs, and let people sign in.

    :return: the users by login
    """
    company = env.company
    company.partner_id.write(
        {
            "name": cast.COMPANY,
            "email": "office@harbour-trading.example.com",
            "phone": "+1 555 0100",
            "street": "1 Harbour Street",
        }
    )
    company.name = cast.COMPANY
    warehouse = env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
    warehouse.name = "Harbour Warehouse"
    policy = env["customer.tier.policy"].search([("company_id", "=", company.id)])
    policy.name = f"Customer tiers of {cast.COMPANY}"
    for feature in FEATURES:
        group = env.ref(feature, raise_if_not_found=False)
        if group:
            env.ref("base.group_user").implied_ids = [Command.link(group.id)]
    users = _people(env, company)
    _benefits(env, policy, users)
    company.shows_tier_on_portal = True
    return users


def _people(env, company):
    admin = env.ref("base.user_admin")
    admin.write({"name": "Administrator", "email": "admin@harbour-trading.example.com"})
    users = {"admin": admin}
    for person in cast.PEOPLE:
        users[person.login] = env["res.users"].create(
            {
                "name": person.name,
                "login": person.login,
                "password": person.login,
                "email": f"{person.login}@harbour-trading.example.com",
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
                "group_ids": [
                    Command.link(env.ref(name).id) for name in ("base.group_user", *person.groups)
                ],
                "customer_capacity": person.capacity,
                "follow_ups_per_day": person.follow_ups_a_day,
                # Nobody is to be greeted by a bot in a demonstration.
                "odoobot_state": "disabled",
            }
        )
    admin.odoobot_state = "disabled"
    env.ref("sales_team.team_sales_department").write(
        {
            "name": "Harbour Sales",
            "user_id": users["sales"].id,
            "member_ids": [Command.set([users[login].id for login in ("key", "north", "south")])],
        }
    )
    return users


def _benefits(env, policy, users):
    """Give the tiers their discounts, terms and service levels."""
    gold, silver = env["customer.service.level"].create(
        [
            {
                "name": "Gold",
                "response_hours": 4,
                "resolution_hours": 16,
                "delivery_priority": "1",
                "followup_days": 14,
                "user_id": users["sales"].id,
                "description": "An answer within half a working day, first in line for scarce "
                "goods, a call every two weeks.",
            },
            {
                "name": "Silver",
                "response_hours": 8,
                "resolution_hours": 40,
                "followup_days": 30,
                "user_id": users["sales"].id,
                "description": "An answer within a working day, a call every month.",
            },
        ]
    )
    vip, important, ordinary, potential = policy._get_tiers()
    vip.write(
        {
            "discount": 0.08,
            "service_level_id": gold.id,
            "payment_term_id": env.ref("account.account_payment_term_45days").id,
            "description": "The customers we would miss most.",
        }
    )
    important.write(
        {
            "discount": 0.05,
            "service_level_id": silver.id,
            "description": "Customers who order often and pay well.",
        }
    )
    ordinary.description = "Customers who order now and then."
    potential.description = "Customers who order little, or not yet."
