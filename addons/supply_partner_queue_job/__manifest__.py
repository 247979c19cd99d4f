{
    "name": "Supply Partner: Job Queue",
    "summary": "Reviews and automatic orders as jobs, which several processes do side by side",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Supply Chain/Purchase",
    "author": "Customer Tiering contributors",
    "license": "LGPL-3",
    "depends": ["supply_partner", "queued_runs"],
    "data": [
        "security/ir.model.access.csv",
        "security/supply_partner_queue_job_rules.xml",
        "data/queue_job_functions.xml",
        "views/res_config_settings_views.xml",
    ],
    "auto_install": True,
    "installable": True,
    "uninstall_hook": "uninstall_hook",
}
