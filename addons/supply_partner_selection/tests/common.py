from odoo.addons.supply_partner.tests.common import VmiCase
from odoo.fields import Command
from odoo.tests import tagged

from ..tools.ahp import MOST_STEPS

# Steps of the scale by how many times as important the first is.
TWICE, THRICE, FIVEFOLD, NINEFOLD = 1, 2, 4, MOST_STEPS


@tagged("post_install", "-at_install")
class SelectionCase(VmiCase):
    """Three mills, the buyer and a colleague who judge them by quality, delivery and cost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague = cls.make_buyer("selection colleague", cls.company)
        cls.mills = cls.env["res.partner"].concat(
            *(cls.make_vendor(f"{name} Mill") for name in ("Valley", "River", "Hill"))
        )
        cls.selection = cls.make_selection()

    @classmethod
    def make_selection(cls, criteria=("Quality", "Delivery", "Cost"), judges=None, **vals):
        """Return a selection among the mills; a criterion is a name or values."""
        judges = cls.buyer + cls.colleague if judges is None else judges
        return cls.env["vendor.selection"].create(
            {
                "name": "Flour for the coming year",
                "company_id": cls.company.id,
                "candidate_ids": [
                    Command.create({"partner_id": mill.id, "sequence": place})
                    for place, mill in enumerate(cls.mills)
                ],
                "criterion_ids": [
                    Command.create(
                        {
                            "sequence": place,
                            **({"name": each} if isinstance(each, str) else each),
                        }
                    )
                    for place, each in enumerate(criteria)
                ],
                "judge_ids": [Command.create({"user_id": judge.id}) for judge in judges],
                **vals,
            }
        )

    def figure(self, name, worst=0, best=100):
        return {"name": name, "rating": "figure", "worst": worst, "best": best}

    def comparison_of(self, user, criterion=None, selection=None):
        """Return what a user compares: the criteria, or the vendors by one."""
        selection = selection or self.selection
        found = selection.comparison_ids.filtered(
            lambda one: one.user_id == user and one.criterion_id.name == (criterion or False)
        )
        return found.with_user(user)

    def judge(self, user, *steps, criterion=None, selection=None):
        """Let a user judge pairs in their order: first and second, first and third …"""
        comparison = self.comparison_of(user, criterion, selection)
        ids = comparison._get_elements().ids
        pairs = [(first, second) for place, first in enumerate(ids) for second in ids[place + 1 :]]
        return comparison.judge([[*pair, step] for pair, step in zip(pairs, steps, strict=False)])

    def rate(self, name, *values, selection=None):
        """Enter the figures of the mills for a criterion."""
        selection = selection or self.selection
        ratings = selection.figure_ids.filtered(lambda rating: rating.criterion_id.name == name)
        for mill, value in zip(self.mills, values, strict=True):
            ratings.filtered(lambda rating, mill=mill: rating.partner_id == mill).value = value

    def ranking(self, selection=None):
        """Return the first words of the candidates' names, best first."""
        candidates = (selection or self.selection).candidate_ids
        self.assertTrue(all(candidates.mapped("rank")))
        return [each.partner_id.name.split()[0] for each in candidates.sorted("rank")]

    def judged_by_figures(self, **vals):
        """Return a selection that is judged, by figures alone: River leads, by quality."""
        selection = self.make_selection(
            [self.figure("Quality"), self.figure("Delivery"), self.figure("Cost", 200, 100)],
            **vals,
        )
        selection.action_start_judging()
        for judge in selection.judge_ids.user_id:
            self.judge(judge, TWICE, FIVEFOLD, TWICE, selection=selection)
        self.rate("Quality", 60, 90, 50, selection=selection)
        self.rate("Delivery", 80, 70, 90, selection=selection)
        self.rate("Cost", 150, 160, 110, selection=selection)
        return selection
