from datetime import timedelta

from odoo.tools import SQL

from .test_simulation import SimulationCase

# Days with demand of one product until a target of 99 % can be judged.
CYCLE = 53


class TestGlidePath(SimulationCase):
    """Past days under an agreement whose stock is lowered cycle by cycle."""

    length = 2 * CYCLE + 4

    def agree(self, **vals):
        vals = {"glide_step": 0.2, "glide_floor": 0.5, "glide_target": 0.99, **vals}
        return self.make_agreement((self.screws, 20, 40), **vals)

    def follow(self, agreement):
        """Return the share of the maximum and the first day of the cycle after the last day."""
        simulation = self.env["vmi.simulation"].create(
            {
                "agreement_id": agreement.id,
                "date_start": self.moment(1).date(),
                "date_end": self.moment(self.length).date(),
            }
        )
        with simulation._prepare_simulation((1.0,)) as replay:
            replay.run()
            self.env.cr.execute(
                SQL("SELECT share, first_day FROM %s WHERE factor = 1", replay.table("glide"))
            )
            [(share, first_day)] = self.env.cr.fetchall()
        return float(share), first_day

    def test_what_holds_is_lowered_and_binds_less(self):
        self.screws.sudo().with_company(self.company).standard_price = 5
        self.stock_up(40)
        for day in range(1, self.length + 1):
            self.sell(2, day)
        agreement = self.agree()
        flat = self.simulate(agreement)
        self.assertEqual(self.follow(agreement)[0], 1)
        agreement.glide_is_on = True
        share, first_day = self.follow(agreement)
        self.assertAlmostEqual(share, 0.6)
        self.assertEqual(first_day, self.moment(2 * CYCLE + 1).date())
        gliding = self.simulate(agreement)
        self.assertNotEqual(gliding.terms, flat.terms)
        self.assertEqual((gliding.fill_rate, flat.fill_rate), (1, 1))
        self.assertLess(gliding.stock_value, flat.stock_value)

    def test_what_is_missed_is_restored(self):
        self.stock_up(40)
        for day in range(1, self.length + 1):
            self.sell(2 if day <= CYCLE else 30, day)
        agreement = self.agree(glide_is_on=True)
        share, first_day = self.follow(agreement)
        self.assertEqual(share, 1)
        # Three days until it comes, and one until a review.
        self.assertEqual(first_day, self.moment(2 * CYCLE + 1).date() + timedelta(days=4))
