{
    "name": "Supply Partner: Purchase Alternatives",
    "summary": "Count alternative requests for quotation once",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Supply Chain/Purchase",
    "author": "Customer Tiering contributors",
    "license": "LGPL-3",
    "depends": ["supply_partner", "purchase_requisition"],
    "auto_install": True,
    "installable": True,
}
