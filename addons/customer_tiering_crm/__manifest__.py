{
    "name": "Customer Tiering: Pipeline",
    "summary": "Score customers by their open opportunities, and see which sources become orders",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Sales/Sales",
    "author": "Customer Tiering contributors",
    "license": "LGPL-3",
    "depends": ["customer_tiering", "crm", "sale_crm"],
    "data": [
        "security/ir.model.access.csv",
        "security/customer_tiering_crm_rules.xml",
        "views/crm_lead_views.xml",
        "report/customer_conversion_report_views.xml",
        "views/customer_tiering_crm_menus.xml",
    ],
    "auto_install": ["customer_tiering", "crm"],
    "installable": True,
}
