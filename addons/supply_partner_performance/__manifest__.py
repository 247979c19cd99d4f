{
    "name": "Supply Partner: Performance",
    "summary": "Fill rate, stock, turns, delivery on time and cost of supply agreements by month",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Purchase",
    "author": "Customer Tiering contributors",
    "license": "LGPL-3",
    "development_status": "Beta",
    "depends": ["supply_partner"],
    "data": [
        "security/ir.model.access.csv",
        "security/supply_partner_performance_rules.xml",
        "data/ir_cron.xml",
        "views/vmi_performance_views.xml",
        "views/res_partner_views.xml",
        "views/vmi_agreement_views.xml",
        "views/supply_partner_performance_menus.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "supply_partner_performance/static/src/**/*",
            ("remove", "supply_partner_performance/static/src/rate/rate_graph.js"),
        ],
        # Odoo loads graphs when one is looked at.
        "web.assets_backend_lazy": [
            "supply_partner_performance/static/src/rate/rate_graph.js",
        ],
        "web.assets_unit_tests": ["supply_partner_performance/static/tests/**/*.test.js"],
    },
    "demo": ["demo/supply_performance.xml"],
    "uninstall_hook": "uninstall_hook",
    "installable": True,
}
