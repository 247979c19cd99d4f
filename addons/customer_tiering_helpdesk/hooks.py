def uninstall_hook(env):
    """Remove the tier's SLAs from tickets: nothing would measure them any more."""
    env["helpdesk.ticket.sla"].search([("sla_id.promise", "!=", False)]).unlink()
