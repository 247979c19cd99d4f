from odoo.addons.field_guard.tests.common_queries import QueryCountCase
from odoo.fields import Command

from .common import TWICE, SelectionCase


class TestQueryCounts(QueryCountCase, SelectionCase):
    """Many selections, criteria and vendors need no more queries than few."""

    least_screens = 12
    shown_models = (
        "vendor.selection",
        "vendor.selection.candidate",
        "vendor.selection.comparison",
        "vendor.selection.criterion",
        "vendor.selection.judge",
        "vendor.selection.rating",
        "vendor.selection.step",
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.waiting_user = cls.buyer
        cls.number = 0

    def make_records(self, count):
        """Make judged selections, each beside one criterion that is a part of another."""
        for _new in range(count):
            selection = self.make_selection([self.figure("Quality"), "Cost"], judges=self.buyer)
            part = {"name": "Taste", "parent_id": selection.criterion_ids[1].id}
            selection.criterion_ids = [Command.create(part)]
            selection.action_start_judging()
            self.judge(self.buyer, TWICE, selection=selection)

    def make_judged(self, count):
        """Return a selection that is judged, of so many candidates."""
        vendors = self.env["res.partner"].concat(
            *(self.make_vendor(f"Vendor {place}") for place in range(count))
        )
        selection = self.make_selection(
            [self.figure("Quality"), self.figure("Cost")],
            judges=self.buyer,
            candidate_ids=[Command.create({"partner_id": vendor.id}) for vendor in vendors],
        )
        selection.action_start_judging()
        return selection

    def test_judging(self):
        self.check_growth(
            self.make_judged, lambda selection: self.judge(self.buyer, TWICE, selection=selection)
        )

    def test_showing_the_result(self):
        def prepare(count):
            selection = self.make_judged(count)
            self.judge(self.buyer, TWICE, selection=selection)
            selection.figure_ids.value = 50
            return selection

        self.check_growth(
            prepare, lambda selection: selection.read(["result_page", "sensitivity_chart"])
        )
