from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain

KEYS_GROUP = "supply_partner_vendor.group_vendor_keys"
INVITATION = "supply_partner_vendor.mail_template_invitation"


class VmiVendorAccess(models.Model):
    """Which agreements of a vendor a portal user may see, and what the user may do there.

    Without such a record nobody outside sees anything. An agent has one for each vendor.
    """

    _name = "vmi.vendor.access"
    _description = "Vendor Portal Access"
    _inherit = ["mail.thread"]
    _order = "partner_id, user_id, id"
    _rec_name = "user_id"
    _once_for_a_vendor = ("user_id", "company_id")
    _check_company_auto = True

    user_id = fields.Many2one(
        "res.users",
        "Portal User",
        required=True,
        index=True,
        ondelete="cascade",
        tracking=True,
        domain=[("share", "=", True)],
    )
    login = fields.Char(related="user_id.login", string="Login")
    partner_id = fields.Many2one(
        "res.partner",
        "Vendor",
        required=True,
        index=True,
        ondelete="cascade",
        tracking=True,
        check_company=True,
        help="The user sees the agreements with this vendor and with the contacts below it.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    agreement_ids = fields.Many2many(
        "vmi.agreement",
        "vmi_vendor_access_agreement_rel",
        "access_id",
        "agreement_id",
        string="Agreements",
        # Without its last agreement, a row for some of them would be one for all.
        ondelete="restrict",
        check_company=True,
        tracking=True,
        help="Empty: all agreements with the vendor, later ones too.",
    )
    can_see = fields.Boolean(
        "See",
        default=True,
        tracking=True,
        help="Stock, demand, proposals, orders and shipments. Without it the other rights are "
        "without effect.",
    )
    can_answer = fields.Boolean(
        "Answer",
        default=True,
        tracking=True,
        help="Answer and refuse proposals, write messages, and enter forecasts.",
    )
    can_announce = fields.Boolean(
        "Announce", default=True, tracking=True, help="Announce shipments, and call them off."
    )
    can_settle = fields.Boolean(
        "Settle", tracking=True, help="Look at settlements of consigned stock, and dispute lines."
    )
    active = fields.Boolean(default=True, tracking=True)
    login_date = fields.Datetime(related="user_id.login_date", string="Last Login")

    _one_per_vendor = models.UniqueIndex(
        "(user_id, partner_id, company_id)",
        "This user has access to this vendor's agreements already: change that one, or restore it "
        "from the archive.",
    )

    @api.constrains("user_id")
    def _check_user(self):
        for access in self:
            if not access.user_id.sudo().share:
                raise ValidationError(
                    self.env._(
                        "%s works here: only portal users are given access to a vendor's pages.",
                        access.user_id.name,
                    )
                )

    @api.constrains("partner_id", "company_id", "agreement_ids")
    def _check_agreements(self):
        for access in self:
            others = access.agreement_ids.filtered_domain(~access._get_vendor_domain())
            if others:
                raise ValidationError(
                    self.env._(
                        "%(agreement)s is not an agreement of %(company)s with %(vendor)s.",
                        agreement=others[0].name,
                        company=access.company_id.name,
                        vendor=access.partner_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        accesses = super().create(vals_list)
        accesses._update_users(accesses.user_id)
        return accesses

    def write(self, vals):
        before = self.user_id
        result = super().write(vals)
        if vals.keys() & {"user_id", "active", "can_see"}:
            self._update_users(before | self.user_id)
        return result

    def unlink(self):
        users = self.user_id
        result = super().unlink()
        self._update_users(users)
        return result

    def _message_auto_subscribe_followers(self, updated_values, default_subtype_ids):
        # The user is the vendor's: nothing of what is noted here is sent there.
        return []

    def action_revoke(self):
        """Take the access away: at once nothing is shown any more, and the keys are gone."""
        self.action_archive()

    def action_restore(self):
        """Give the access back as it was."""
        self.action_unarchive()

    def action_invite(self):
        """Send the invitation, again if need be."""
        self.check_access("write")
        template = self.env.ref(INVITATION, raise_if_not_found=False)
        if not template:
            raise UserError(self.env._("The email template of the invitation was deleted."))
        for access in self:
            if not access.active:
                raise UserError(
                    self.env._("Restore the access of %s first.", access.user_id.display_name)
                )
            partner = access.sudo().user_id.partner_id
            if not access.sudo().user_id.login_date:
                partner.signup_prepare()
            template.sudo().send_mail(
                access.id, email_layout_xmlid="mail.mail_notification_light", force_send=False
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Invitation sent to %s", ", ".join(self.user_id.mapped("display_name"))
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _get_url(self):
        """Return the address of the vendor's pages; for a new user, of choosing a password."""
        self.ensure_one()
        user = self.sudo().user_id
        if not user.login_date:
            return user.partner_id._get_signup_url_for_action()[user.partner_id.id]
        return f"{self.get_base_url()}/my/supply"

    def _get_agreements(self):
        """Return the agreements of the rows; drafts, which nobody outside sees, among them."""
        domain = Domain.OR(access._get_domain() for access in self)
        return self.env["vmi.agreement"].search(domain) if self else self.env["vmi.agreement"]

    def _get_domain(self):
        """Return the domain of the agreements of one row."""
        domain = self._get_vendor_domain()
        if self.agreement_ids:
            domain &= Domain("id", "in", self.agreement_ids.ids)
        return domain

    def _get_vendor_domain(self):
        """Return the domain of all agreements with the vendor."""
        self.ensure_one()
        return Domain("company_id", "=", self.company_id.id) & Domain(
            "partner_id", "child_of", self.partner_id.id
        )

    @api.model
    def _update_users(self, users):
        """Let users with a row have keys for longer than a day; without one, none at all."""
        group = self.env.ref(KEYS_GROUP).sudo()
        users = users.sudo().exists()
        having = self.sudo().search([("user_id", "in", users.ids), ("can_see", "=", True)]).user_id
        if new := having - group.user_ids:
            new.write({"group_ids": [Command.link(group.id)]})
        if gone := (users & group.user_ids) - having:
            gone.write({"group_ids": [Command.unlink(group.id)]})
            allows = self.env["ir.config_parameter"].sudo().get_param("portal.allow_api_keys")
            if not allows:
                gone.api_key_ids.unlink()
