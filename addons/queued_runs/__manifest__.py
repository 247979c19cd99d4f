{
    "name": "Queued Runs",
    "summary": "Large scheduled work as jobs of a queue, while somebody works it off",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Hidden/Tools",
    "author": "Customer Tiering contributors",
    "license": "LGPL-3",
    "depends": ["queue_job", "set_based_runs"],
    "data": ["security/queued_runs_rules.xml"],
    "auto_install": True,
    "installable": True,
    "uninstall_hook": "uninstall_hook",
}
