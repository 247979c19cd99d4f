{
    "name": "Supply Partner: Consignment at the Point of Sale",
    "summary": "What the till sells and takes back is the vendor's where it was the vendor's",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Supply Chain/Purchase",
    "author": "Customer Tiering contributors",
    "license": "LGPL-3",
    "depends": ["supply_partner_consignment", "point_of_sale"],
    "auto_install": True,
    "installable": True,
}
