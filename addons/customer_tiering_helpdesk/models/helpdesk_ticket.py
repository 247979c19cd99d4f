from odoo import api, fields, models
from odoo.addons.customer_tiering.models.res_partner import TIERING_GROUP
from odoo.tools.sql import column_exists, create_column


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    customer_tier_id = fields.Many2one(
        "customer.tier",
        compute="_compute_customer_tier_id",
        store=True,
        index="btree_not_null",
        ondelete="restrict",
        groups=TIERING_GROUP,
        help="The customer's tier when the ticket was opened.",
    )
    first_response_date = fields.Datetime(
        readonly=True,
        copy=False,
        help="Date of the first message of an internal user to the customer.",
    )
    has_tier_sla = fields.Boolean(compute="_compute_has_tier_sla")

    def _auto_init(self):
        # Tickets from before this add-on keep no tier: what their customers held is not known.
        if not column_exists(self.env.cr, self._table, "customer_tier_id"):
            create_column(self.env.cr, self._table, "customer_tier_id", "int4")
        return super()._auto_init()

    @api.depends("partner_id", "company_id")
    def _compute_customer_tier_id(self):
        held = self.env["customer.standing"]._get_held_tiers(self.partner_id, self.company_id)
        for ticket in self:
            key = ticket.partner_id.commercial_partner_id, ticket.company_id.root_id
            ticket.customer_tier_id = held.get(key, False)

    @api.depends("ticket_sla_ids")
    def _compute_has_tier_sla(self):
        for ticket in self:
            ticket.has_tier_sla = any(sla.promise for sla in ticket.ticket_sla_ids)

    def _compute_sla_data(self):
        """Keep showing the deadline of a closed ticket that has the SLA of a tier."""
        result = super()._compute_sla_data()
        for ticket in self.filtered(lambda ticket: not ticket.sla_deadline):
            kept = ticket.ticket_sla_ids.filtered(lambda sla: sla.promise and sla.kept_date)
            last = max(kept.mapped("kept_date"), default=None)
            ticket.sla_deadline = min(
                (sla.deadline for sla in kept if sla.kept_date == last), default=False
            )
        return result

    def _get_tier_slas(self):
        """Return the SLAs that the tier noted on the ticket promises.

        Only the two figures are read with elevated rights: the helpdesk keeps what a tier
        promises also where it may not see tiers.
        """
        self.ensure_one()
        level = self.sudo().customer_tier_id.service_level_id.filtered("active")
        promised = [name for name in ("response", "resolution") if level[f"{name}_hours"]]
        return self.env["helpdesk.sla"].search([("promise", "in", promised)])

    def _get_sla(self):
        """Let the tier's SLAs take the place of the helpdesk's own."""
        return self._get_tier_slas() or super()._get_sla().filtered(lambda sla: not sla.promise)

    def set_sla(self):
        result = super().set_sla()
        # Teams that use no SLAs got none.
        self.env["helpdesk.ticket.sla"].create(
            [
                {"ticket_id": ticket.id, "sla_id": sla.id}
                for ticket in self
                for sla in ticket._get_tier_slas() - ticket.ticket_sla_ids.sla_id
            ]
        )
        self.ticket_sla_ids._judge_promises()
        return result

    def write(self, vals):
        if not {"partner_id", "company_id"} & vals.keys():
            return super().write(vals)
        levels = {ticket: ticket.sudo().customer_tier_id.service_level_id for ticket in self}
        result = super().write(vals)
        moved = self.filtered(
            lambda ticket: ticket.sudo().customer_tier_id.service_level_id != levels[ticket]
        )
        # Whoever may write the ticket replaces its SLAs, without a right to delete them.
        moved.sudo().ticket_sla_ids.unlink()
        moved.set_sla()
        return result

    def _message_post_after_hook(self, message, msg_values):
        if not self.first_response_date and self._is_answer(message):
            # Whoever may read a ticket may answer it.
            ticket = self.sudo()
            ticket.first_response_date = message.date
            ticket.ticket_sla_ids._judge_promises()
        return super()._message_post_after_hook(message, msg_values)

    def _is_answer(self, message):
        """Return whether a message tells the customer something, and a person wrote it."""
        message = message.sudo()
        return (
            message.message_type in ("comment", "email", "email_outgoing")
            and message.subtype_id
            and not (message.is_internal or message.subtype_id.internal)
            and message.author_id != self.partner_id
            and any(not user.share for user in message.author_id.user_ids)
        )
