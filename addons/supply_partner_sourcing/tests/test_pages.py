from .common import SourcingCase


class TestPages(SourcingCase):
    """The matrix and the drill, each in one call."""

    def setUp(self):
        super().setUp()
        self.bought(self.screws, 400, moment="2025-12-15 08:00:00")
        self.sold_daily(self.screws, 4)
        self.add_seller(self.screws, self.other, delay=14)
        self.plan = self.env["vendor.qualification"].create(
            {"partner_id": self.other.id, "product_id": self.screws.id, "qualification_days": 60}
        )
        self.plan.action_start()
        self.find_sources()

    def test_matrix(self):
        matrix = self.env["vendor.sourcing.product"].get_matrix()
        strategic, *others = matrix["quadrants"]
        self.assertEqual((strategic["count"], strategic["single"], strategic["spend"]), (1, 1, 800))
        self.assertEqual(strategic["share"], 1)
        self.assertEqual([dot["name"] for dot in strategic["dots"]], ["Screws"])
        self.assertFalse(any(part["count"] for part in others))
        self.assertEqual(matrix["alerts"], 1)

    def test_drill(self):
        page = self.env["vendor.sourcing.vendor"].get_drill(self.vendor.id)
        self.assertEqual(page["name"], "Acme Fasteners")
        [line] = page["lines"]
        self.assertEqual(
            (line["product"], line["out_days"], line["switching_days"]), ("Screws", 11, 74)
        )
        self.assertEqual(line["out_date"], "Mar 27, 2026")
        self.assertTrue(line["is_too_late"])
        # (74 − 11) × 4 × 5
        self.assertEqual((line["at_stake"], page["at_stake"]), (1260, 1260))
        [alternate] = line["alternates"]
        self.assertEqual((alternate["name"], alternate["state"]), ("Bolt & Co", "in_progress"))

    def test_without_a_name_the_vendor_with_most_at_stake(self):
        self.assertEqual(self.env["vendor.sourcing.vendor"].get_drill()["id"], self.vendor.id)
        self.assertEqual(
            self.env["vendor.sourcing.vendor"].get_drill(987654321)["id"], self.vendor.id
        )

    def test_buttons(self):
        self.assertEqual(self.screws.sourcing_text, "Strategic · Single Source")
        self.assertEqual(self.screws.product_tmpl_id.sourcing_text, "Strategic · Single Source")
        self.assertEqual(self.screws.action_open_sourcing()["res_id"], self.row().id)
        self.assertEqual(self.vendor.sourcing_text, "A · 1 single")
        self.assertEqual(
            self.vendor.action_open_sourcing_drill()["context"], {"active_id": self.vendor.id}
        )
        self.assertEqual(self.other.vendor_qualification_count, 1)
        self.assertEqual(
            self.source(self.other).action_open_qualification()["res_id"], self.plan.id
        )
        action = self.source(self.vendor).action_open_qualification()
        self.assertEqual(action["context"]["default_product_id"], self.screws.id)

    def test_recalculate(self):
        self.policy.with_user(self.buyer).action_recalculate()
        self.env["vendor.sourcing.policy"].recalculate_company()
        self.assertEqual(self.row().sourcing, "single")
