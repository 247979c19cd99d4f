{
    "name": "Customer Tiering: Loyalty at the Point of Sale",
    "summary": "Leave programs for tiers out of the point of sale, which has no tiers",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Sales/Sales",
    "author": "Customer Tiering contributors",
    "license": "LGPL-3",
    "depends": ["customer_tiering_loyalty", "pos_loyalty"],
    "auto_install": True,
    "installable": True,
}
