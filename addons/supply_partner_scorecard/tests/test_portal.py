from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user

from .common import ScorecardCase

ADDON = "supply_partner_scorecard"


class TestPortal(ScorecardCase):
    """A vendor reads its orders on the portal, and nothing of what we make of it."""

    def test_nothing_of_ours_is_read(self):
        desk = new_test_user(
            self.env(su=True, user=1),
            "desk",
            "base.group_portal",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
            partner_id=self.make_vendor("Desk", parent_id=self.vendor.id, is_company=False).id,
        )
        order = self.ordered()
        order.message_subscribe(desk.partner_id.ids)
        self.recalculate()
        theirs = order.with_user(desk)
        self.assertEqual(theirs.read(["name"])[0]["name"], order.name)
        tried = 0
        for record in (theirs, theirs.order_line):
            for name, field in record._fields.items():
                if field._module == ADDON and not field.inherited:
                    tried += 1
                    self.assertNotIn(name, record.fields_get())
                    with self.assertRaises(AccessError):
                        record.read([name])
        self.assertGreaterEqual(tried, 7)
        self.assertFalse(theirs.purchase_warning_text)
        for model in ("vendor.promise", "vendor.delivery", "vendor.standing", "vendor.assessment"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(desk).search([])
