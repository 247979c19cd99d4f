{
    "name": "Customer Tiering: Back-test",
    "summary": "Test on past months whether the tiers predict who buys",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Sales/Sales",
    "author": "Customer Tiering contributors",
    "license": "LGPL-3",
    "depends": ["chart_canvas", "customer_tiering"],
    "data": [
        "security/ir.model.access.csv",
        "security/customer_tiering_backtest_rules.xml",
        "views/customer_tier_backtest_templates.xml",
        "views/customer_tier_backtest_views.xml",
        "views/customer_tier_policy_views.xml",
        "views/customer_tiering_backtest_menus.xml",
    ],
    "assets": {
        "web.assets_backend": ["customer_tiering_backtest/static/src/**/*"],
        "web.assets_unit_tests": ["customer_tiering_backtest/static/tests/**/*.test.js"],
    },
    "installable": True,
}
