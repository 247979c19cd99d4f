from odoo.exceptions import AccessError, MissingError, UserError, ValidationError
from odoo.fields import Command

from ..models.vmi_vendor_access import KEYS_GROUP
from .common import VendorCase


class TestVendorAccess(VendorCase):
    """The buyer invites Acme's people, and takes their access away."""

    def invite(self, agreement=None, **vals):
        context = {"active_model": "vmi.agreement", "active_id": (agreement or self.agreement).id}
        invitations = self.env["vmi.vendor.invitation"].with_context(**context)
        return invitations.create(vals).action_invite()

    def find(self, login):
        return self.env["res.users"].sudo().search([("login", "=", login)])

    def test_an_invitation_makes_the_user_and_the_access_and_is_mailed(self):
        contact = (
            self.env["res.partner"]
            .sudo()
            .create(
                {"name": "Carla", "email": "Carla@acme.example.com", "parent_id": self.vendor.id}
            )
        )
        self.invite(contact_id=contact.id)
        user = self.find("carla@acme.example.com")
        self.assertTrue(user._is_portal())
        self.assertEqual(user.partner_id, contact)
        [found] = self.served(user).get_agreements()
        self.assertEqual(found["name"], self.agreement.name)
        self.assertEqual(found["rights"], ["see", "answer", "announce"])
        access = self.env["vmi.vendor.access"].search([("user_id", "=", user.id)])
        [mail] = (
            self.env["mail.mail"]
            .sudo()
            .search([("model", "=", access._name), ("res_id", "=", access.id)])
        )
        self.assertIn("/web/signup", mail.body_html)
        self.assertNotIn(user.partner_id, access.message_partner_ids)
        self.assertIn("carla@acme.example.com", f"{mail.email_to} {mail.recipient_ids.email}")

    def test_without_a_contact_one_is_made_below_the_vendor(self):
        self.invite(contact_id=False, name="Dora", email="dora@acme.example.com", scope="one")
        user = self.find("dora@acme.example.com")
        self.assertEqual((user.name, user.partner_id.parent_id), ("Dora", self.vendor))
        access = self.env["vmi.vendor.access"].search([("user_id", "=", user.id)])
        self.assertEqual(access.agreement_ids, self.agreement)

    def test_an_agent_is_invited_for_a_second_vendor(self):
        third = self.make_vendor("Third Vendor")
        # Whoever has a login already.
        agreement = self.make_agreement(
            (self.make_product("Glue", third), 1, 2), partner_id=third.id
        )
        self.invite(agreement, contact_id=self.agent.partner_id.id, email=self.agent.login)
        self.assertEqual(len(self.served(self.agent).get_agreements()), 3)

    def test_whoever_works_here_is_not_invited(self):
        contact = self.buyer.partner_id
        with self.assertRaisesRegex(UserError, "works here"):
            self.invite(contact_id=contact.id)
        with self.assertRaises(UserError):
            self.invite(contact_id=False, email="no address")
        with self.assertRaises(ValidationError):
            self.give_access(self.buyer, self.vendor)

    def test_a_second_invitation_restores_what_was_revoked(self):
        self.invite(contact_id=self.former.partner_id.id, email="former")
        self.assertEqual(len(self.served(self.former).get_agreements()), 1)
        with self.assertRaisesRegex(UserError, "has access already"):
            self.invite(contact_id=self.former.partner_id.id, email="former")

    def test_a_login_is_given_to_nobody_elses_contact(self):
        customer = (
            self.env["res.partner"]
            .sudo()
            .create({"name": "Customer", "email": "customer@example.com"})
        )
        with self.assertRaises(AccessError):
            self.invite(contact_id=customer.id)
        contact = (
            self.env["res.partner"]
            .sudo()
            .create(
                {"name": "Carla", "email": "carla@acme.example.com", "parent_id": self.vendor.id}
            )
        )
        with self.assertRaises(AccessError):
            self.invite(contact_id=contact.id, email="mine@example.com")

    def test_a_letter_in_an_address_stands_for_itself(self):
        self.anna.sudo().login = "annaxmill@example.com"
        self.invite(contact_id=False, name="Other", email="anna_mill@example.com")
        self.assertEqual(self.find("anna_mill@example.com").partner_id.name, "Other")

    def test_revoked_means_at_once_and_without_keys(self):
        keys = self.env(user=self.anna.id)["res.users.apikeys"].sudo()
        keys._generate(None, "Program", None)
        self.access.action_revoke()
        with self.assertRaises(MissingError):
            self.served(self.anna).get_stock()
        self.assertFalse(keys.search([("user_id", "=", self.anna.id)]))
        self.assertFalse(self.anna.sudo().has_group(KEYS_GROUP))
        self.access.action_restore()
        self.assertEqual(self.served(self.anna).get_stock()["total"], 1)
        self.assertTrue(self.anna.sudo().has_group(KEYS_GROUP))
        self.assertTrue(self.anna.sudo()._is_portal())

    def test_an_archived_user_sees_nothing(self):
        self.anna.sudo().active = False
        with self.assertRaises(MissingError):
            self.served(self.anna).get_stock()

    def test_without_the_right_to_see_nothing_else_counts(self):
        self.access.can_see = False
        with self.assertRaises(MissingError):
            self.served(self.anna).get_proposals()

    def test_a_branch_sees_its_parents_agreements_where_its_row_says_so(self):
        branch = (
            self.env["res.partner"]
            .sudo()
            .create({"name": "Acme South", "is_company": True, "parent_id": self.vendor.id})
        )
        user = self.make_portal_user("branch", branch)
        row = self.give_access(user, branch)
        self.assertEqual(self.served(user).get_agreements(), [])
        row.sudo().unlink()
        self.give_access(user, self.vendor)
        self.assertEqual(len(self.served(user).get_agreements()), 1)

    def test_a_row_names_only_agreements_of_its_vendor(self):
        with self.assertRaisesRegex(ValidationError, "not an agreement of"):
            self.access.agreement_ids = [Command.set(self.others.ids)]

    def test_the_last_agreement_of_a_row_is_not_deleted_below_it(self):
        draft = self.make_agreement((self.make_product("Glue", self.vendor), 1, 2), start=False)
        self.access.agreement_ids = [Command.set(draft.ids)]
        with self.assertRaisesRegex(UserError, "take it out there first"):
            draft.sudo().unlink()
        self.assertEqual(self.served(self.anna).get_agreements(), [])

    def test_a_draft_is_nobodys_yet(self):
        self.make_agreement((self.make_product("Glue", self.vendor), 1, 2), start=False)
        self.assertEqual(len(self.served(self.anna).get_agreements()), 1)

    def test_another_company(self):
        other = self.make_company("Southwind")
        stranger = self.make_buyer("stranger", other)
        with self.assertRaises(AccessError):
            self.access.with_user(stranger).read(["login"])
        with self.assertRaises(AccessError):
            self.access.with_user(stranger).action_revoke()

    def test_a_buttons_way(self):
        self.assertEqual(self.agreement.access_count, 2)
        action = self.agreement.action_open_accesses()
        found = self.env["vmi.vendor.access"].search(action["domain"])
        self.assertEqual(found.user_id, self.anna | self.agent)
        self.assertEqual(
            self.agreement.action_invite_vendor()["res_model"], "vmi.vendor.invitation"
        )

    def test_vendors_that_are_merged(self):
        """Who served both serves the one; who had lost access to the other keeps it here."""
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo().create({})
        wizard._merge((self.vendor | self.bolts_vendor).ids, self.vendor.sudo())
        access = self.env["vmi.vendor.access"].sudo().search([("partner_id", "=", self.vendor.id)])
        self.assertEqual(access.user_id, self.anna | self.bert | self.agent)
        self.assertEqual(len(access), 3)
