def uninstall_hook(env):
    """Cancel the jobs that wait: the scheduled actions do the work again."""
    env["queued.runs"]._cancel_open("root.customer_tiering")
