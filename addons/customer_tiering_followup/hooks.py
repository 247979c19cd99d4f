ADDON = "customer_tiering_followup"


def uninstall_hook(env):
    """Take back what is open, leave what was done with an activity type that stays.

    What the scheduled action last failed at is no longer told on the policies.
    """
    env["customer.followup"].search([("state", "=", "planned")]).activity_id.unlink()
    own = env["ir.model.data"].search(
        [("module", "=", ADDON), ("model", "=", "mail.activity.type")]
    )
    activities = env["mail.activity"].with_context(active_test=False)
    activities = activities.search([("activity_type_id", "in", own.mapped("res_id"))])
    activities.activity_type_id = env.ref("mail.mail_activity_data_todo")
    policies = env["customer.tier.policy"].with_context(active_test=False).search([])
    for policy in policies.filtered("failures"):
        others = {code: why for code, why in policy.failures.items() if code != "follow_ups"}
        policy.failures = others or False
