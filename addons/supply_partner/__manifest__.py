{
    "name": "Supply Partner",
    "summary": "Work with chosen vendors who keep your shelves filled",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Purchase",
    "author": "Customer Tiering contributors",
    "license": "LGPL-3",
    "depends": ["purchase_stock", "portal"],
    "data": ["views/supply_partner_menus.xml"],
    "installable": True,
    "application": True,
}
