from .models.vmi_agreement import HOLDING_STATES


def uninstall_hook(env):
    """Give back the reordering rules that agreements took over, and close their activities."""
    env["vmi.agreement"].search([("state", "in", HOLDING_STATES)]).action_close()
