{
    "name": "Customer Tiering: Deliveries",
    "summary": "Deliver scarce stock to the better tier first, and measure deliveries on time",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Sales/Sales",
    "author": "Customer Tiering contributors",
    "license": "LGPL-3",
    "depends": ["customer_tiering", "sale_stock"],
    "auto_install": True,
    "installable": True,
}
