def uninstall_hook(env):
    """Take back what is open, and leave what was done with an activity type that stays."""
    env["customer.followup"].search([("state", "=", "planned")]).activity_id.unlink()
    own = env["ir.model.data"].search(
        [("module", "=", "customer_tiering"), ("model", "=", "mail.activity.type")]
    )
    activities = env["mail.activity"].with_context(active_test=False)
    activities = activities.search([("activity_type_id", "in", own.mapped("res_id"))])
    activities.activity_type_id = env.ref("mail.mail_activity_data_todo")
