from odoo.tools import SQL


def uninstall_hook(env):
    """Give each agreement's line the service target that somebody had typed."""
    env.cr.execute(
        SQL(
            "UPDATE vmi_agreement_line SET service_target = typed_service_target "
            "WHERE target_from <> 'typed' AND typed_service_target > 0"
        )
    )
