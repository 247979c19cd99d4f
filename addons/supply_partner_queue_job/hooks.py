def uninstall_hook(env):
    """Cancel the jobs that wait: the scheduled action does the work again."""
    env["queued.runs"]._cancel_open("root.supply_partner")
