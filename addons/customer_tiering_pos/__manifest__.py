{
    "name": "Customer Tiering: Point of Sale",
    "summary": "Count point-of-sale orders as orders and revenue",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Sales/Sales",
    "author": "Customer Tiering contributors",
    "license": "LGPL-3",
    "depends": ["customer_tiering", "point_of_sale"],
    "auto_install": True,
    "installable": True,
}
