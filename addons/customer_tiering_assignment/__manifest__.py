{
    "name": "Customer Tiering: Account Managers",
    "summary": "Compare account managers' workload with their capacity, and propose reassignments",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "author": "Customer Tiering contributors",
    "license": "LGPL-3",
    "development_status": "Beta",
    "depends": ["customer_tiering_followup"],
    "data": [
        "security/ir.model.access.csv",
        "security/customer_tiering_assignment_rules.xml",
        "views/customer_assignment_views.xml",
        "views/customer_assignment_move_views.xml",
        "views/res_users_views.xml",
        "views/customer_tiering_assignment_menus.xml",
    ],
    "installable": True,
}
