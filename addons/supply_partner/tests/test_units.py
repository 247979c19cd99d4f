from odoo.exceptions import UserError
from odoo.tests import BaseCase

from ..tools import whole_step
from .common import VmiCase


class TestWholeStep(BaseCase):
    """The least quantity that a unit and the product's unit can both say."""

    def test_what_the_decimals_hold_is_the_unit_itself(self):
        for ratio in (12, 1, 0.5, 0.1, 0.01, 1000):
            self.assertEqual(whole_step(ratio, 2), ratio)

    def test_otherwise_it_is_whole_in_both(self):
        for ratio, step in ((1 / 12, 1), (0.001, 1), (1e-6, 1), (5 / 12, 5), (1 / 3, 1)):
            self.assertEqual(whole_step(ratio, 2), step)

    def test_more_decimals_hold_more(self):
        self.assertEqual(whole_step(0.001, 3), 0.001)
        self.assertEqual(whole_step(0.5, 0), 1)

    def test_what_is_never_whole_has_none(self):
        for ratio in (0.45359237, 2 / 7.0001, 1e-9):
            self.assertIsNone(whole_step(ratio, 2))


class TestUnits(VmiCase):
    """What is ordered is whole in the vendor's unit and in the product's own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dozen = cls.env.ref("uom.product_uom_dozen")
        cls.unit = cls.env.ref("uom.product_uom_unit")
        cls.kilo = cls.env.ref("uom.product_uom_kgm")
        cls.gram = cls.env.ref("uom.product_uom_gram")

    def make(self, name, kept_in, sold_in, price=2.0):
        product = self.make_product(name)
        product.sudo().uom_id = kept_in
        self.add_seller(product, self.vendor, price=price, product_uom_id=sold_in.id)
        return product

    def check_ordered(self, proposal, suggested, ordered, unit):
        self.assertEqual(proposal.line_ids.suggested_qty, suggested)
        proposal.action_approve()
        line = proposal.purchase_order_ids.order_line
        self.assertEqual((line.product_qty, line.product_uom_id), (ordered, unit))
        self.assertFalse(proposal.agreement_id.review())

    def test_what_is_kept_in_dozens_and_bought_by_the_piece_comes_by_the_dozen(self):
        eggs = self.make("Eggs", self.dozen, self.unit)
        proposal = self.make_agreement((eggs, 1, 1.65)).review()
        self.assertIn("in multiples of 1: 2", proposal.line_ids.explanation)
        self.check_ordered(proposal, 2, 24, self.unit)

    def test_whole_units_are_called_so(self):
        agreement = self.make_agreement((self.screws, 1, 1.65))
        agreement.line_ids.replenishment_uom_id = self.screws.uom_id
        explanation = agreement.review().line_ids.explanation
        self.assertIn("to 1.65, in whole numbers: 2", explanation)

    def test_what_is_kept_in_kilos_and_bought_by_the_gram_comes_by_the_kilo(self):
        flour = self.make("Flour", self.kilo, self.gram, price=0.01)
        proposal = self.make_agreement((flour, 1, 1.65)).review()
        self.assertIn("in multiples of 1: 2", proposal.line_ids.explanation)
        self.check_ordered(proposal, 2, 2000, self.gram)

    def test_half_a_dozen_can_be_written(self):
        six = self.env.ref("uom.product_uom_pack_6")
        eggs = self.make("Eggs", self.dozen, six)
        self.check_ordered(self.make_agreement((eggs, 1, 1.3)).review(), 1.5, 3, six)

    def test_the_words_name_what_can_be_ordered(self):
        eggs = self.make("Eggs", self.dozen, self.unit)
        proposal = self.make_agreement((eggs, 1, 1.65)).review()
        proposal.line_ids.approved_qty = 1.67
        with self.assertRaisesRegex(UserError, "not a whole number of Units: order 1 or 2"):
            proposal.action_approve()
        # Nine more than a dozen are seven quarters of one.
        proposal.line_ids.approved_qty = 1.75
        proposal.action_approve()
        self.assertEqual(proposal.purchase_order_ids.order_line.product_qty, 21)

    def test_what_is_never_whole_is_refused_at_the_start_with_the_way_out(self):
        pound = self.env.ref("uom.product_uom_lb")
        flour = self.make("Flour", self.kilo, pound)
        with self.assertRaisesRegex(UserError, "Flour: no number of lb can be written in kg: "):
            self.make_agreement((flour, 1, 1.65))

    def test_a_multiple_that_cannot_be_written_is_taken_whole(self):
        flour = self.make("Flour", self.kilo, self.gram, price=0.01)
        terms = {"product_id": flour.id, "min_qty": 1, "max_qty": 1.65}
        proposal = self.make_agreement({**terms, "replenishment_uom_id": self.gram.id}).review()
        self.assertEqual(proposal.line_ids.suggested_qty, 2)

    def test_a_unit_of_the_vendor_that_changes_takes_the_product_out(self):
        flour = self.make("Flour", self.kilo, self.kilo)
        agreement = self.make_agreement((flour, 1, 1.65))
        flour.sudo().seller_ids.product_uom_id = self.env.ref("uom.product_uom_lb")
        self.assertFalse(agreement.review())
        self.assertEqual(agreement.line_ids.problem, "not_whole")

    def test_a_multiple_that_is_no_unit_of_the_product_is_refused_while_it_runs(self):
        agreement = self.make_agreement((self.screws, 5, 10))
        with self.assertRaisesRegex(UserError, "Screws: kg is not a unit of this product"):
            agreement.line_ids.replenishment_uom_id = self.kilo
