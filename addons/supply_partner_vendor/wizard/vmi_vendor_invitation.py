from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import email_normalize
from odoo.tools.sql import escape_psql

RIGHTS = ("can_see", "can_answer", "can_announce", "can_settle")


class VmiVendorInvitation(models.TransientModel):
    """Give somebody at the vendor a login and access to the pages of an agreement."""

    _name = "vmi.vendor.invitation"
    _description = "Invite Vendor"

    agreement_id = fields.Many2one("vmi.agreement", required=True, readonly=True)
    partner_id = fields.Many2one(related="agreement_id.partner_id", string="Vendor")
    contact_id = fields.Many2one(
        "res.partner",
        compute="_compute_contact_id",
        store=True,
        readonly=False,
        help="A contact of the vendor, or an agent who works for it. Empty: a contact is created.",
    )
    name = fields.Char(compute="_compute_name", store=True, readonly=False)
    email = fields.Char(compute="_compute_name", store=True, readonly=False)
    scope = fields.Selection(
        [("all", "All agreements with the vendor"), ("one", "This agreement only")],
        "Agreements",
        required=True,
        default="all",
    )
    can_see = fields.Boolean("See", default=True)
    can_answer = fields.Boolean("Answer Proposals", default=True)
    can_announce = fields.Boolean("Announce Shipments", default=True)
    can_settle = fields.Boolean("Settle Consigned Stock")

    @api.model
    def default_get(self, fields):
        """Take the agreement from which the wizard was opened."""
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "vmi.agreement":
            values["agreement_id"] = self.env.context.get("active_id")
        return values

    @api.depends("agreement_id")
    def _compute_contact_id(self):
        for invitation in self:
            vendor = invitation.agreement_id.partner_id
            people = vendor.child_ids.filtered(lambda contact: contact.email)
            invitation.contact_id = people[:1] or vendor

    @api.depends("contact_id")
    def _compute_name(self):
        for invitation in self:
            invitation.name = invitation.contact_id.name
            invitation.email = invitation.contact_id.email

    def action_invite(self):
        """Make the user, where there is none, and the access; send the invitation.

        :raise UserError: where the address is none, belongs to somebody who works here, or the
            user has access already
        """
        self.ensure_one()
        agreement = self.agreement_id
        agreement.check_access("write")
        user = self._get_user()
        accesses = self.env["vmi.vendor.access"].with_context(active_test=False)
        access = accesses.search(
            [
                ("user_id", "=", user.id),
                ("partner_id", "=", agreement.partner_id.id),
                ("company_id", "=", agreement.company_id.id),
            ]
        )
        if access.active:
            raise UserError(
                self.env._(
                    "%s has access already: change it under Vendors → Vendor Users.", user.name
                )
            )
        vals = {
            "agreement_ids": [Command.set(agreement.ids if self.scope == "one" else [])],
            "active": True,
            **{name: self[name] for name in RIGHTS},
        }
        if access:
            access.write(vals)
        else:
            access = accesses.create(
                {
                    "user_id": user.id,
                    "partner_id": agreement.partner_id.id,
                    "company_id": agreement.company_id.id,
                    **vals,
                }
            )
        return access.action_invite()

    def _get_user(self):
        """Return the portal user of the contact or the address, made where there is none."""
        # Whoever may write the agreement may invite, without being allowed to manage users.
        users = self.env["res.users"].sudo().with_context(active_test=False)
        user = self.contact_id.sudo().with_context(active_test=False).user_ids[:1]
        email = email_normalize(self.email or "")
        if not user:
            if not email:
                raise UserError(self.env._("Enter the email address of the person to invite."))
            user = users.search([("login", "=ilike", escape_psql(email))], limit=1)
        if user and not user.share:
            raise UserError(
                self.env._(
                    "%s belongs to somebody who works here: enter the vendor's address.",
                    user.login,
                )
            )
        if not user:
            user = self._make_user(users, email)
        portal, public = self.env.ref("base.group_portal"), self.env.ref("base.group_public")
        if not user.active or not user._is_portal():
            user.write(
                {
                    "active": True,
                    "group_ids": [Command.unlink(public.id), Command.link(portal.id)],
                }
            )
        return user

    def _make_user(self, users, email):
        """Return a new portal user for the contact, or for a new contact of the vendor.

        A login shows on the portal what is the contact's own: only who may write the contact gives
        one to somebody else's, or to another address than the contact's.
        """
        vendor, contact = self.agreement_id.partner_id, self.contact_id
        if contact:
            is_vendors = contact.sudo().commercial_partner_id == vendor.commercial_partner_id
            if not is_vendors or email_normalize(contact.email or email) != email:
                contact.check_access("write")
        else:
            contact = contact.sudo().create(
                {
                    "name": self.name or email,
                    "email": email,
                    "parent_id": vendor.id,
                    "type": "contact",
                }
            )
        company = self.agreement_id.company_id
        return (
            users.with_company(company)
            .with_context(no_reset_password=True)
            ._create_user_from_template(
                {
                    "email": email,
                    "login": email,
                    "partner_id": contact.id,
                    "company_id": company.id,
                    "company_ids": [Command.set(company.ids)],
                }
            )
        )
