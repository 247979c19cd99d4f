{
    "name": "Customer Tiering: Follow-ups in CRM",
    "summary": "Count what happens on opportunities as contact with their customer",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "author": "Customer Tiering contributors",
    "license": "LGPL-3",
    "development_status": "Beta",
    "depends": ["customer_tiering_followup", "crm"],
    "auto_install": True,
    "installable": True,
}
