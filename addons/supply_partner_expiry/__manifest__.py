{
    "name": "Supply Partner: Expiry Dates",
    "summary": "Do not count on what has expired",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Supply Chain/Purchase",
    "author": "Customer Tiering contributors",
    "license": "LGPL-3",
    "depends": ["supply_partner", "product_expiry"],
    "auto_install": True,
    "installable": True,
}
