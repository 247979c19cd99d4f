{
    "name": "Customer Tiering: Loyalty",
    "summary": "Limit loyalty programs to tiers, and multiply the points of better tiers",
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
