"""Vendors' price lists, what several vendors ask for the same, and a cart."""

from __future__ import annotations

import base64
from datetime import timedelta

from .cast import CLEANING, METAL, MILL, PANTRY, PAPER, PORCELAIN
from .days import Days

# The vendors' own codes, which their lists name.
CODES = {
    MILL: {
        "Wheat Flour 25 kg": "VM-W25",
        "Rye Flour 25 kg": "VM-R25",
        "Spelt Flour 10 kg": "VM-S10",
    },
    PANTRY: {
        "Cane Sugar 10 kg": "SP-110",
        "Cocoa 1 kg": "SP-120",
        "Vanilla Syrup 1 l": "SP-131",
        "Caramel Syrup 1 l": "SP-132",
        "Flower Honey 5 kg": "SP-140",
        "Almonds 5 kg": "SP-150",
    },
}
# Taken: what the pantry asks since last month. Beyond the limit: the honey.
PANTRY_LIST = """Vendor Code,Name,Price,Min. Quantity,Lead Time
SP-110,Cane Sugar 10 kg,8.20,,
SP-110,Cane Sugar 10 kg,7.80,100,
SP-120,Cocoa 1 kg,9.70,,
SP-131,Vanilla Syrup 1 l,5.20,,
SP-132,Caramel Syrup 1 l,5.20,,
SP-140,Flower Honey 5 kg,29.90,,
SP-150,Almonds 5 kg,37.50,,
"""
# Waiting: the mill's prices from next month on, and a product that nobody here knows.
MILL_LIST = """Vendor Code,Name,Price,Min. Quantity,Valid From
VM-W25,Wheat Flour 25 kg,14.50,,{day}
VM-W25,Wheat Flour 25 kg,13.90,100,{day}
VM-R25,Rye Flour 25 kg,16.80,,{day}
VM-S10,Spelt Flour 10 kg,11.00,,{day}
VM-B25,Buckwheat Flour 25 kg,24.00,,{day}
VM-O20,Oat Flakes 20 kg,on request,,{day}
"""
# What others ask for the same: a broker's list, with what bringing it in costs.
BROKER_LIST = """Vendor,Name,Your Code,Price,Min. Quantity,Lead Time,Duty,Freight
{pantry},Wheat Flour 25 kg,WHEAT-25,13.20,40,9,,0.95
{pantry},Espresso Beans 1 kg,ESP-1,8.60,24,8,,0.25
{metal},Coffee Cup White,CUP-W,1.70,480,35,12,0.22
{metal},Dinner Plate 27 cm,PLATE-27,2.35,240,35,12,0.31
{cleaning},Paper Napkins 1000,NAPKIN,6.70,20,5,,0.20
{porcelain},Paper Napkins 1000,NAPKIN,7.10,20,21,,
{paper},Dish Soap 10 l,SOAP-10,8.90,12,7,,0.40
{pantry},Filter Coffee 1 kg,FILTER-1,7.90,24,8,,0.25
"""
OWN_CODES = {
    "Wheat Flour 25 kg": "WHEAT-25",
    "Espresso Beans 1 kg": "ESP-1",
    "Filter Coffee 1 kg": "FILTER-1",
    "Coffee Cup White": "CUP-W",
    "Dinner Plate 27 cm": "PLATE-27",
    "Paper Napkins 1000": "NAPKIN",
    "Dish Soap 10 l": "SOAP-10",
}
# What the buyer is putting together this morning.
CART = (("Paper Napkins 1000", 40), ("Coffee Cup White", 480), ("Cane Sugar 10 kg", 60))
# Vendors whose names the broker's list holds.
NAMED = {
    "pantry": PANTRY, "metal": METAL, "cleaning": CLEANING, "porcelain": PORCELAIN, "paper": PAPER,
}  # fmt: skip


def make(env, days: Days, vendors, products, users) -> None:
    """Write lists that were taken and one that waits, offers of several vendors, and a cart."""
    by_name = {product.name: record for product, record in products.items()}
    for vendor, codes in CODES.items():
        for name, code in codes.items():
            own = by_name[name].seller_ids.filtered(
                lambda seller, vendor=vendor: seller.partner_id == vendors[vendor]
            )
            own.product_code = code
    for name, code in OWN_CODES.items():
        by_name[name].default_code = code
    taken = _import(env, days, users["buyer"], vendors[PANTRY], "southern-pantry.csv", PANTRY_LIST)
    taken.with_user(users["purchase"]).action_approve()
    names = {key: vendors[vendor].name for key, vendor in NAMED.items()}
    broker = _import(
        env, days, users["purchase"], None, "broker-offers.csv", BROKER_LIST.format(**names)
    )
    broker.with_user(users["buyer"]).action_approve()
    _upload(env, days, vendors[MILL])
    carts = env(user=users["buyer"].id)["vendor.cart"]
    cart = carts.create({"date_planned": days.ago(-30)})
    for name, quantity in CART:
        cart._add(by_name[name].with_env(cart.env), quantity)


def _import(env, days, user, vendor, name, text):
    """Return a list that a buyer imported and sent."""
    catalogues = env(user=user.id)["vendor.catalogue"].sudo()
    catalogue = catalogues._receive(
        {
            "source": "buyer" if vendor else "third_party",
            "partner_id": vendor.id if vendor else False,
            "company_id": env.company.id,
            "currency_id": env.company.currency_id.id,
            "file_name": name,
            "user_id": user.id,
        },
        text.encode(),
    )
    catalogue.action_submit()
    return catalogue


def _upload(env, days, vendor):
    """Let the mill upload its prices of next month, and send them."""
    access = env["vmi.vendor.access"].search([("partner_id", "=", vendor.id)], limit=1)
    service = env(user=access.user_id.id, su=False, context={})["vmi.vendor"]
    first = (days.today.replace(day=1) + timedelta(days=32)).replace(day=1)
    data = base64.b64encode(MILL_LIST.format(day=first.isoformat()).encode()).decode()
    found = service.upload_price_list("mill-prices.csv", data, access.id)
    service.send_price_list(found["price_list_id"])
