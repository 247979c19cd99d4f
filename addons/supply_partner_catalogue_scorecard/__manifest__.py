{
    "name": "Supply Partner: Delivery and Quality in the Catalogue",
    "summary": "How vendors deliver, beside their prices",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Supply Chain/Purchase",
    "author": "Customer Tiering contributors",
    "license": "LGPL-3",
    "depends": ["supply_partner_catalogue", "supply_partner_scorecard"],
    "auto_install": True,
    "installable": True,
}
