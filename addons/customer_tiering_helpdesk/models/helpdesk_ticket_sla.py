from odoo import api, fields, models


class HelpdeskTicketSla(models.Model):
    """Whether a target of the tier was kept: by answers and closing, not by stages.

    The helpdesk counts the hours of such an SLA anew at each change of stage, by the team's
    calendar, and takes it for settled where no stage is expected. For promises all of that is
    passed over: their deadline is worked out once.
    """

    _inherit = "helpdesk.ticket.sla"

    promise = fields.Selection(related="sla_id.promise")
    kept_date = fields.Datetime(
        "Done on",
        readonly=True,
        copy=False,
        help="Date of the answer, or of the closing of the ticket.",
    )

    @api.depends("promise")
    def _compute_display_name(self):
        promises = self.filtered("promise")
        result = super(HelpdeskTicketSla, self - promises)._compute_display_name()
        names = dict(self._fields["promise"]._description_selection(self.env))
        for sla in promises:
            sla.display_name = names[sla.promise]
        return result

    def _compute_sla_data(self):
        result = super()._compute_sla_data()
        for sla in self.filtered("promise"):
            level = sla.ticket_id.sudo().customer_tier_id.service_level_id
            sla.hours = level[f"{sla.promise}_hours"]
            sla.state = "in_progress"
        return result

    def _compute_deadline(self):
        promises = self.filtered("promise")
        for sla in promises.filtered(lambda sla: not sla.deadline):
            ticket = sla.ticket_id.sudo()
            sla.deadline = ticket.customer_tier_id.service_level_id._get_deadline(
                sla.hours, ticket.create_date, ticket.company_id
            )
        return super(HelpdeskTicketSla, self - promises)._compute_deadline()

    def _stage_recompute(self):
        if self.promise:
            return self._judge_promises()
        return super()._stage_recompute()

    def _judge_promises(self):
        """Note when each promise was kept, and whether in time.

        Written with elevated rights: it follows from what happened to the ticket.
        """
        for sla in self.sudo().filtered("promise"):
            sla.kept_date = sla._get_kept_date()
            if not sla.kept_date:
                sla.state = "in_progress"
            elif sla.kept_date <= sla.deadline:
                sla.state = "accomplished"
            else:
                sla.state = "expired"

    def _get_kept_date(self):
        """Return when what was promised was done, False if it was not."""
        ticket = self.ticket_id
        closed = ticket.closed and (ticket.closed_date or ticket.create_date)
        if self.promise == "response":
            # An answer is not taken back by opening the ticket again.
            return self.kept_date or ticket.first_response_date or closed
        return closed and (self.kept_date or closed)
