from .common import PerformanceCase


class TestSupplyScorecard(PerformanceCase):
    """The supply scorecard shows a year, of all agreements or of one."""

    def figures_of(self, agreement_id=None):
        page = self.env["vmi.performance"].get_supply_scorecard(agreement_id)
        return page, {
            figure["name"]: figure["values"]
            for level in page["levels"]
            for figure in level["figures"]
        }

    def test_each_figure_stands_beside_the_months_before(self):
        screws = self.agree(None)
        bolts = self.make_product("Bolts", self.vendor)
        self.agree((bolts, 0, 1))
        self.supplied("2026-01-10 12:00:00", 100)
        self.delivered(self.wanted("2026-02-05 08:00:00", 8), "2026-02-05 07:00:00", 8)
        self.wanted("2026-02-06 08:00:00", 2, bolts)
        self.env["vmi.performance"].refresh_supply_scorecard()
        page, figures = self.figures_of()
        self.assertEqual(page["months"][0], "Mar 2025")
        self.assertEqual(page["months"][-2:], ["Feb 2026", "Mar 2026"])
        self.assertEqual([level["code"] for level in page["levels"]], ["service", "assets", "cost"])
        self.assertEqual(figures["fill_rate"][-2], 0.8)
        self.assertFalse(figures["fill_rate"][-1])  # nothing was wanted this month
        self.assertIsNone(figures["fill_rate"][0])
        # 100 screws at the close of 1 to 4 February and 92 of the 24 days after, at 2.00.
        self.assertAlmostEqual(figures["stock_value"][-2], (400 + 24 * 92) / 28 * 2)
        _page, figures = self.figures_of(screws.id)
        self.assertEqual(figures["fill_rate"][-2], 1)

    def test_an_agreement_opens_its_own(self):
        agreement = self.agree(None)
        action = agreement.action_open_supply_scorecard()
        self.assertEqual(action["tag"], "supply_partner_performance.supply_scorecard")
        self.assertEqual(action["context"], {"active_id": agreement.id})
        page, _figures = self.figures_of(agreement.id)
        self.assertIn(agreement.id, [number for number, _name in page["agreements"]])
