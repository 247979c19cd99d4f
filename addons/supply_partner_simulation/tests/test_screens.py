from odoo.addons.supply_partner.tests.common import VmiCase
from odoo.tests import HttpCase, tagged


@tagged("post_install", "-at_install")
class TestScreens(VmiCase, HttpCase):
    """What a buyer clicks, in a browser."""

    def test_a_buyer_simulates_before_the_start(self):
        self.put(self.screws, 91)
        for days in (-50, -30, -10):
            self.move(self.screws, 20, self.stock, self.customers, days=days, done=True)
        self.make_buyer("vmi_tour", self.company)
        agreement = self.make_agreement((self.screws, 60, 120), start=False)
        self.start_tour("/odoo/supply-agreements", "supply_simulation_tour", login="vmi_tour")
        self.assertEqual(agreement.state, "draft")
        simulation = agreement.last_simulation_id
        self.assertEqual(simulation.state, "done")
        self.assertEqual(simulation.factor_ids.mapped("factor"), [0.5, 0.75, 1, 1.25, 1.5, 2])
