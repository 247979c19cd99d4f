import re

from lxml import html

from odoo.addons.supply_partner.tests.common import VmiCase
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user

# What belongs to the other vendor, and stands nowhere else.
OTHERS_PRICE, OTHERS_STOCK = 987.65, 4321
OTHERS_NAMES = ("Bolt Works", "Hexagon Bolts")


class VendorCase(VmiCase):
    """Acme keeps up screws and answers for itself; Bolt Works has an agreement of its own.

    ``anna`` is Acme's user, ``bert`` Bolt Works', ``agent`` serves both, ``former`` had access to
    Acme's pages, and ``guest`` is a customer on the portal.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bolts_vendor = cls.make_vendor("Bolt Works")
        cls.bolts = cls.make_product("Hexagon Bolts", cls.bolts_vendor, price=OTHERS_PRICE)
        cls.put(cls.screws, 20)
        cls.put(cls.bolts, OTHERS_STOCK)
        cls.agreement = cls.make_agreement((cls.screws, 60, 120), decision="vendor")
        cls.others = cls.make_agreement(
            (cls.bolts, 5000, 9000), decision="vendor", partner_id=cls.bolts_vendor.id
        )
        cls.anna = cls.make_portal_user("anna", cls.vendor)
        cls.bert = cls.make_portal_user("bert", cls.bolts_vendor)
        cls.agent = cls.make_portal_user("agent")
        cls.former = cls.make_portal_user("former", cls.vendor)
        cls.guest = cls.make_portal_user("guest")
        cls.access = cls.give_access(cls.anna, cls.vendor)
        cls.give_access(cls.bert, cls.bolts_vendor)
        cls.give_access(cls.agent, cls.vendor)
        cls.give_access(cls.agent, cls.bolts_vendor)
        cls.give_access(cls.former, cls.vendor).action_revoke()

    @classmethod
    def make_portal_user(cls, login, vendor=None):
        values = {"name": f"{login} of the portal", "email": f"{login}@example.com"}
        if vendor:
            values["parent_id"] = vendor.id
        partner = cls.env["res.partner"].sudo().create(values)
        return new_test_user(
            cls.env(su=True, user=1),
            login,
            "base.group_portal",
            partner_id=partner.id,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
            email=values["email"],
        )

    @classmethod
    def give_access(cls, user, vendor, **vals):
        return cls.env["vmi.vendor.access"].create(
            {"user_id": user.id, "partner_id": vendor.id, "company_id": cls.company.id, **vals}
        )

    @classmethod
    def served(cls, user):
        """Return the service as somebody calls it."""
        return cls.env(user=user.id, su=False, context={})["vmi.vendor"]

    @classmethod
    def propose(cls, agreement=None):
        """Return a new proposal that waits for the vendor's answer."""
        return (agreement or cls.agreement).review()

    @classmethod
    def order(cls, agreement=None):
        """Return an order that the vendor has confirmed."""
        proposal = cls.propose(agreement).sudo()
        proposal._take_answer({})
        return proposal.purchase_order_ids


class PageCase(VendorCase, HttpCase):
    """Anna at her browser."""

    def setUp(self):
        super().setUp()
        self.authenticate("anna", "anna")

    def page(self, path):
        answer = self.url_open(path)
        self.assertEqual(answer.status_code, 200, path)
        return html.fromstring(answer.text).xpath("//main")[0]

    def text(self, path):
        return " ".join(self.page(path).text_content().split())

    def post(self, path, **data):
        page = self.url_open("/my/supply/keys").text
        data["csrf_token"] = re.search(r'name="csrf_token" value="(\w+)"', page)[1]
        answer = self.url_open(path, data=data)
        self.assertEqual(answer.status_code, 200, path)
        return " ".join(html.fromstring(answer.text).xpath("//main")[0].text_content().split())
