{
    "name": "Customer Tiering: Pipeline",
    "summary": "Score customers by their open opportunities",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Sales/Sales",
    "author": "Customer Tiering contributors",
    "license": "LGPL-3",
    "depends": ["customer_tiering", "crm"],
    "data": ["views/crm_lead_views.xml"],
    "auto_install": True,
    "installable": True,
}
