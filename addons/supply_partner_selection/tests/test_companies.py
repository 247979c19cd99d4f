from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user

from .common import SelectionCase


class TestCompaniesAndRoles(SelectionCase):
    def test_another_company_sees_and_judges_nothing(self):
        other = self.make_company("Southwind")
        stranger = self.make_buyer("selection stranger", other)
        self.selection.action_start_judging()
        for records in (
            self.selection,
            self.selection.comparison_ids,
            self.selection.candidate_ids,
            self.selection.step_ids,
        ):
            there = records.with_user(stranger).with_context(allowed_company_ids=other.ids)
            self.assertFalse(there.search([("id", "in", records.ids)]))
            with self.assertRaises(AccessError):
                there.read(["display_name"])
        with self.assertRaises(UserError):
            self.selection.judge_ids = [Command.create({"user_id": stranger.id})]

    def test_a_vendor_reads_nothing_of_it_not_even_on_its_own_bid(self):
        portal = new_test_user(
            self.env(su=True, user=1), "selection portal", "base.group_portal",
            company_id=self.company.id, company_ids=[Command.set(self.company.ids)],
        )  # fmt: skip
        portal.partner_id.parent_id = self.mills[0]
        order = self.env["purchase.order"].create({"partner_id": self.mills[0].id})
        order.sudo().message_subscribe(portal.partner_id.ids)
        self.selection.candidate_ids[0].purchase_order_id = order
        self.selection.action_start_judging()
        for records in (
            self.selection, self.selection.candidate_ids, self.selection.criterion_ids,
            self.selection.judge_ids, self.selection.comparison_ids, self.selection.step_ids,
        ):  # fmt: skip
            with self.assertRaises(AccessError):
                records.with_user(portal).read(["display_name"])
        own = order.with_user(portal)
        self.assertNotIn("selection_candidate_ids", own.fields_get())
        with self.assertRaises(AccessError):
            own.read(["selection_candidate_ids"])
        with self.assertRaises(AccessError):
            own.action_select_vendor()

    def test_a_choice_is_written_by_the_method_alone(self):
        self.selection.action_start_judging()
        for vals in (
            {"state": "agreed"},
            {"chosen_id": self.selection.candidate_ids[0].id},
            {"choice_reason": "because"},
        ):
            with self.assertRaises(AccessError):
                self.selection.write(vals)
        with self.assertRaises(AccessError):
            self.selection.comparison_ids[0].judgement_ids.create(
                {"comparison_id": self.selection.comparison_ids[0].id, "step": 3}
            )
