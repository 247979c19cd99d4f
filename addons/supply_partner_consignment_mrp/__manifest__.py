{
    "name": "Supply Partner: Consignment in Manufacturing",
    "summary": "Components that are the vendor's: settled when they are used, and part of the cost",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Supply Chain/Purchase",
    "author": "Customer Tiering contributors",
    "license": "LGPL-3",
    "depends": ["supply_partner_consignment", "mrp_account"],
    "auto_install": True,
    "installable": True,
}
