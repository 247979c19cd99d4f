{
    "name": "Supply Partner: Alternatives from a Cart",
    "summary": "Ask several vendors for what a cart holds, as alternatives",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Supply Chain/Purchase",
    "author": "Customer Tiering contributors",
    "license": "LGPL-3",
    "depends": ["supply_partner_catalogue", "purchase_requisition"],
    "data": ["views/vendor_cart_views.xml"],
    "auto_install": True,
    "installable": True,
}
