def uninstall_hook(env):
    """Remove the promises from the tickets: without this add-on nothing would judge them."""
    env["helpdesk.ticket.sla"].search([("sla_id.promise", "!=", False)]).unlink()
