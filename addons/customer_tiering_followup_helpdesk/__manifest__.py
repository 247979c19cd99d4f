{
    "name": "Customer Tiering: Follow-ups in the Helpdesk",
    "summary": "Count what happens on tickets as contact with their customer",
    "version": "19.0.1.0.0",
    "category": "After-Sales",
    "author": "Customer Tiering contributors",
    "license": "AGPL-3",
    "development_status": "Beta",
    "depends": ["customer_tiering_followup", "helpdesk_mgmt"],
    "auto_install": True,
    "installable": True,
}
