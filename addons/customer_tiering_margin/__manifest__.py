{
    "name": "Customer Tiering: Margin",
    "summary": "Score customers by the margin of their orders",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Sales/Sales",
    "author": "Customer Tiering contributors",
    "license": "LGPL-3",
    "depends": ["customer_tiering", "sale_margin"],
    "auto_install": True,
    "post_init_hook": "post_init_hook",
    "installable": True,
}
