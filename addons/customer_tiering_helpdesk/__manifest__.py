{
    "name": "Customer Tiering: Helpdesk",
    "summary": "Give tickets the response and resolution times of the customer's tier",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "After-Sales",
    "author": "Customer Tiering contributors",
    "license": "AGPL-3",
    "depends": ["customer_tiering", "helpdesk_mgmt_sla"],
    "data": ["data/helpdesk_slas.xml", "views/helpdesk_ticket_views.xml"],
    "auto_install": True,
    "installable": True,
    "uninstall_hook": "uninstall_hook",
}
