{
    "name": "Customer Tiering: Loyalty",
    "summary": "Keep loyalty programmes to tiers, and give better tiers more points",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Sales/Sales",
    "author": "Customer Tiering contributors",
    "license": "LGPL-3",
    "depends": ["customer_tiering", "sale_loyalty"],
    "data": [
        "views/customer_tier_views.xml",
        "views/loyalty_program_views.xml",
    ],
    "auto_install": True,
    "installable": True,
}
