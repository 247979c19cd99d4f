from odoo import api, fields, models
from odoo.exceptions import UserError


class VmiAgreement(models.Model):
    _inherit = "vmi.agreement"

    takes_vendor_answers = fields.Boolean(
        "Order Answers within Limits",
        default=True,
        tracking=True,
        help="What the vendor answers on the vendor's own pages is ordered at once, in the buyer's "
        "name: from 0 to what fits below the maximum, in whole multiples, at the agreed price, "
        "within the approval limits. Anything else waits for the buyer.",
    )
    mails_proposals = fields.Boolean(
        "Mail New Proposals",
        default=True,
        tracking=True,
        help="The vendor's users who may answer are told by email of each new proposal, once.",
    )
    access_count = fields.Integer("Number of Vendor Users", compute="_compute_access_count")
    shipment_count = fields.Integer(
        "Number of Announced Shipments", compute="_compute_shipment_count"
    )

    def _compute_access_count(self):
        accesses = self.env["vmi.vendor.access"].search([("company_id", "in", self.company_id.ids)])
        for agreement in self:
            agreement.access_count = sum(
                bool(agreement.filtered_domain(access._get_domain())) for access in accesses
            )

    def _compute_shipment_count(self):
        counts = dict(
            self.env["vmi.shipment"]._read_group(
                [("agreement_id", "in", self.ids), ("state", "in", ("waiting", "announced"))],
                ["agreement_id"],
                ["__count"],
            )
        )
        for agreement in self:
            agreement.shipment_count = counts.get(agreement, 0)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_access(self):
        accesses = (
            self.env["vmi.vendor.access"]
            .sudo()
            .with_context(active_test=False)
            .search([("agreement_ids", "in", self.ids)], limit=1)
        )
        if accesses:
            raise UserError(
                self.env._(
                    "%s is named in the access of a vendor's user: take it out there first.",
                    (accesses.agreement_ids & self)[0].name,
                )
            )

    def action_invite_vendor(self):
        """Ask whom to invite to the vendor's pages."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Invite Vendor"),
            "res_model": "vmi.vendor.invitation",
            "views": [(False, "form")],
            "target": "new",
            "context": {"active_model": self._name, "active_id": self.id},
        }

    def action_open_accesses(self):
        """Show who at the vendor sees the agreement."""
        self.ensure_one()
        accesses = self.env["vmi.vendor.access"].search([("company_id", "=", self.company_id.id)])
        found = accesses.filtered(lambda access: self.filtered_domain(access._get_domain()))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "supply_partner_vendor.vmi_vendor_access_action"
        )
        return {
            **action,
            "domain": [("id", "in", found.ids)],
            "context": {"create": False},
        }

    def action_open_shipments(self):
        """Show what the vendor has announced under the agreement."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "supply_partner_vendor.vmi_shipment_action"
        )
        return {**action, "domain": [("agreement_id", "in", self.ids)], "context": {}}

    def _create_proposals(self, vals_list, add_lines):
        proposals = super()._create_proposals(vals_list, add_lines)
        proposals.filtered(lambda proposal: proposal.state == "sent").sudo()._mail_to_vendor()
        return proposals

    def _get_answering_users(self):
        """Return by agreement the users outside who may answer its proposals."""
        accesses = self.env["vmi.vendor.access"].search(
            [
                ("company_id", "in", self.company_id.ids),
                ("can_see", "=", True),
                ("can_answer", "=", True),
                ("user_id.active", "=", True),
            ]
        )
        users = dict.fromkeys(self, self.env["res.users"])
        for access in accesses:
            for agreement in self.filtered_domain(access._get_domain()):
                users[agreement] |= access.user_id
        return users

    @api.model
    def _describe_actions(self):
        return {**super()._describe_actions(), "sell_through": self.env._("Writing sell-through")}
