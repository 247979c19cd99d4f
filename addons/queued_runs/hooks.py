from .models.queued_runs import PARAMETER


def uninstall_hook(env):
    """Forget how scheduled work was to be done."""
    env["ir.config_parameter"].search([("key", "=", PARAMETER)]).unlink()
