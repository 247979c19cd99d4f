from odoo.tools import mute_logger

from ..hooks import uninstall_hook
from .common import PerformanceCase


class TestSetAside(PerformanceCase):
    """An agreement that cannot be measured is set aside, and the others are measured."""

    def setUp(self):
        super().setUp()
        products = [self.make_product(name, self.vendor) for name in ("Bolts", "Nails", "Rivets")]
        self.first, self.broken, self.last = (self.agree((each, 60, 120)) for each in products)

    def break_one(self):
        performances = type(self.env["vmi.performance"])
        measure = performances._measure

        def measure_or_fail(performance, company, lines, *args):
            if self.broken.line_ids & lines:
                raise KeyError("gone")
            return measure(performance, company, lines, *args)

        self.patch(performances, "_measure", measure_or_fail)
        return lambda: self.patch(performances, "_measure", measure)

    def run_cron(self):
        self.env.flush_all()
        cron = self.env.ref("supply_partner_performance.ir_cron_performance").sudo()
        with self.enter_registry_test_mode(), mute_logger("odoo.addons.supply_partner.models"):
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def test_one_that_cannot_be_measured_says_why_until_it_can(self):
        mend = self.break_one()
        self.run_cron()
        measured = self.env["vmi.performance"].search([("company_id", "=", self.company.id)])
        self.assertEqual(measured.agreement_id, self.first | self.last)
        self.assertEqual(self.broken.failure_message, "Calculating supply performance: 'gone'")
        mend()
        self.run_cron()
        self.assertFalse(self.broken.failure_message)

    def test_uninstalling_takes_the_failure_off_the_agreement(self):
        self.break_one()
        self.run_cron()
        uninstall_hook(self.env(su=True))
        self.assertFalse(self.broken.failures)
