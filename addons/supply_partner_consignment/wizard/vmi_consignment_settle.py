from odoo import api, fields, models
from odoo.addons.supply_partner.models.vmi_agreement import BUYER_GROUP
from odoo.exceptions import UserError


class VmiConsignmentSettle(models.TransientModel):
    """Asks of which vendors, and up to which day, used stock is settled."""

    _name = "vmi.consignment.settle"
    _description = "Settle Consigned Stock"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    partner_ids = fields.Many2many(
        "res.partner",
        string="Vendors",
        domain="[('vmi_agreement_ids.ownership', '=', 'consigned')]",
        help="Empty: all vendors of whose stock something was used.",
    )
    date_from = fields.Date(
        "From", required=True, compute="_compute_days", store=True, readonly=False, precompute=True
    )
    date_to = fields.Date(
        "To", required=True, compute="_compute_days", store=True, readonly=False, precompute=True
    )

    @api.depends("company_id", "partner_ids")
    def _compute_days(self):
        settlements = self.env["vmi.consignment.settlement"]
        for wizard in self:
            if not wizard.company_id:
                # Cleared, to choose another one.
                wizard.date_from = wizard.date_to = False
                continue
            vendor = wizard.partner_ids._origin[:1] if len(wizard.partner_ids) == 1 else None
            wizard.date_from, wizard.date_to = settlements._find_period(wizard.company_id, vendor)

    def action_settle(self):
        """Make the settlements and show them."""
        self.ensure_one()
        if not self.env.user.has_group(BUYER_GROUP):
            raise UserError(self.env._("Only buyers can settle consigned stock."))
        if self.company_id not in self.env.companies:
            raise UserError(
                self.env._("Switch to %s to settle there.", self.company_id.sudo().name)
            )
        settlements = self.env["vmi.consignment.settlement"]._settle(
            self.company_id, self.date_from, self.date_to, self.partner_ids or None
        )
        one = len(settlements) == 1
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Settlements"),
            "res_model": settlements._name,
            "view_mode": "form" if one else "list,kanban,form",
            "views": [(False, "form")]
            if one
            else [(False, "list"), (False, "kanban"), (False, "form")],
            "res_id": settlements.id if one else False,
            "domain": [("id", "in", settlements.ids)],
        }
