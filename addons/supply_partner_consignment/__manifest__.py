{
    "name": "Supply Partner: Consignment",
    "summary": "The vendor's stock on your shelf: yours when it is used, billed once a period",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Purchase",
    "author": "Customer Tiering contributors",
    "license": "LGPL-3",
    "development_status": "Beta",
    "depends": ["supply_partner", "stock_account"],
    "data": [
        "views/vmi_agreement_views.xml",
        "views/purchase_order_views.xml",
    ],
    "installable": True,
}
