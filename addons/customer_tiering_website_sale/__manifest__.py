{
    "name": "Customer Tiering: eCommerce",
    "summary": "Show signed-in customers the prices of their tier",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Sales/Sales",
    "author": "Customer Tiering contributors",
    "license": "LGPL-3",
    "depends": ["customer_tiering", "website_sale"],
    "auto_install": True,
    "installable": True,
}
