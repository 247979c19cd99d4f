from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import new_test_user

from .common import EdiCase
from .samples import VENDOR, interchange, response


class TestAccess(EdiCase):
    """Who may look, who may set up, and what belongs to another company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls.make_buyer("clerk", cls.company, "base.group_user")
        cls.foreign = cls.make_company("Southwind")
        cls.foreigner = cls.make_buyer("foreigner", cls.foreign)

    def setUp(self):
        super().setUp()
        self.message = self.take(interchange(response(function="29", proposal="P9")))

    def test_buyers_look_retry_and_set_nothing_up(self):
        own = self.message.with_user(self.buyer)
        self.assertIn("P9", own.error_text)
        own.action_retry()
        own.action_dismiss()
        edi = self.edi.with_user(self.buyer)
        self.assertEqual(edi.vendor_gln, VENDOR)
        with self.assertRaises(AccessError):
            edi.charset = "UNOY"
        with self.assertRaises(AccessError):
            edi.action_exchange()
        with self.assertRaises(AccessError):
            own.unlink()
        with self.assertRaises(AccessError):
            own.create({"name": "x", "edi_partner_id": edi.id})

    def test_nobody_writes_what_only_the_exchange_writes(self):
        for user in (self.buyer, self.manager):
            for vals in (
                {"state": "done"},
                {"sender_gln": "x"},
                {"is_conflict": True},
                {"interchange_ref": "x"},
                {"attachment_id": False},
            ):
                with self.assertRaises(AccessError):
                    self.message.with_user(user).write(vals)
        with self.assertRaises(AccessError):
            self.edi.with_user(self.manager).sales_until = "2020-01-01"

    def test_nobody_passes_a_message_off_as_a_vendor_s(self):
        text = interchange(response(proposal="P10"))
        portal = new_test_user(self.env(su=True), "edi_portal", "base.group_portal")
        before = self.message.sudo().search_count([])
        for user in (self.clerk, self.buyer, self.manager, portal):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                call_kw(
                    self.env["vmi.message"].with_user(user).browse(),
                    "message_new",
                    [{"attachments": [["a.edi", text, {}]]}, {"edi_partner_id": self.edi.id}],
                    {},
                )
            self.assertEqual(self.message.sudo().search_count([]), before)

    def test_managers_set_up_but_name_no_folder(self):
        edi = self.edi.with_user(self.manager)
        edi.write({"charset": "UNOY", "stock_rhythm": "daily"})
        with self.assertRaises(AccessError):
            edi.folder = "elsewhere"
        with self.assertRaises(AccessError):
            edi.read(["folder"])
        self.edi.with_user(self.env.ref("base.user_admin")).sudo(False)
        self.assertEqual(self.edi.folder, "acme")

    def test_others_see_nothing(self):
        for user in (self.clerk, self.anna, self.guest):
            for record in (self.message, self.edi, self.message.error_ids):
                with self.assertRaises(AccessError):
                    record.with_user(user).read(["id"])
            with self.assertRaises(AccessError):
                self.message.with_user(user).action_retry()

    def test_another_company_sees_nothing(self):
        context = {"allowed_company_ids": self.foreign.ids}
        for record in (self.message, self.edi, self.message.error_ids):
            own = record.with_user(self.foreigner).with_context(**context)
            self.assertFalse(own.search([("id", "in", record.ids)]))
            with self.assertRaises(AccessError):
                own.read(["id"])

    def test_two_companies_with_one_vendor(self):
        # The other company buys from Acme, too: its messages are its own.
        self.foreign.sudo().partner_id.global_location_number = "4055555000001"
        other = self.make_edi(self.vendor, company_id=self.foreign.id, folder="acme-south")
        proposal = self.propose()
        text = interchange(
            response(function="29", proposal=proposal.name), receiver="4055555000001"
        )
        message = self.take(text, edi=other)
        self.assert_error(message, "unknown_proposal")
        self.assertEqual((message.company_id, proposal.state), (self.foreign, "sent"))
        mine = self.take(interchange(response(function="29", proposal=proposal.name),
                                     reference="IC2"))  # fmt: skip
        self.assertEqual((mine.state, proposal.state), ("done", "ordered"))

    def test_an_agreement_of_another_vendor(self):
        with self.assertRaisesRegex(ValidationError, "is not an agreement"):
            self.edi.agreement_ids = self.others
        with self.assertRaises(ValidationError):
            self.edi.agreement_ids = [Command.link(self.others.id)]

    def test_vendors_that_are_merged(self):
        other = self.make_edi(self.bolts_vendor, folder="bolts")
        self.assertTrue(self.edi._receive("a.edi", b"no EDIFACT", "file"))
        merge = self.env["base.partner.merge.automatic.wizard"].sudo().create({})._merge
        vendors = (self.vendor | self.bolts_vendor).sudo()
        with self.assertRaisesRegex(UserError, "instead of merging"):
            merge(vendors.ids, self.bolts_vendor.sudo())
        merge(vendors.ids, self.vendor.sudo())
        self.assertFalse(other.exists(), "it had no messages")
