from .models.vmi_agreement import HOLDING_STATES

ADDON = "supply_partner"


def uninstall_hook(env):
    """Give back the reordering rules that agreements took over, and delete their activities."""
    env["vmi.agreement"].search([("state", "in", HOLDING_STATES)]).action_close()
    own = env["ir.model.data"].search(
        [("module", "=", ADDON), ("model", "=", "mail.activity.type")]
    )
    # Those that are done are archived, and would keep their types.
    activities = env["mail.activity"].with_context(active_test=False)
    activities.search([("activity_type_id", "in", own.mapped("res_id"))]).unlink()
