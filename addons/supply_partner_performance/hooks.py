def uninstall_hook(env):
    """Take the failures of measuring off the agreements: nothing measures them any more."""
    env["vmi.agreement"].search([])._note_failure("performance", False)
