{
    "name": "Customer Tiering: Satisfaction",
    "summary": "Score customers by the ratings that they give",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Sales/Sales",
    "author": "Customer Tiering contributors",
    "license": "LGPL-3",
    "depends": ["customer_tiering", "rating"],
    "auto_install": True,
    "installable": True,
}
