import os

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from .common import ConsignmentPosCase

# A long run sets more of them.
SEQUENCES = int(os.environ.get("CONSIGNMENT_SEQUENCES", "3"))
steps = st.tuples(
    st.sampled_from(["own", "bring", "sell", "sell", "refund", "refund", "book"]),
    st.integers(1, 6),
    st.integers(0, 9),
)


class TestAnySale(ConsignmentPosCase):
    """Whatever the till sells and takes back: to each owner what was sold of that owner's stock."""

    @settings(
        max_examples=SEQUENCES,
        deadline=None,
        derandomize=SEQUENCES < 50,
        suppress_health_check=list(HealthCheck),
        # To find a shorter sequence that fails takes minutes: each is done in the database.
        phases=(Phase.reuse, Phase.generate),
    )
    @given(st.sampled_from(["own", "vendor"]), st.lists(steps, min_size=3, max_size=9))
    def test_each_owner_gets_back_what_was_sold(self, order, sequence):
        savepoint = self.env.cr.savepoint(flush=False)
        try:
            self.company.sudo().vmi_reservation_order = order
            self.check_sequence(sequence)
        finally:
            self.env.transaction.clear()
            savepoint.close(rollback=True)

    def check_sequence(self, sequence):
        self.put_own(4)
        self.bring(4)
        own, theirs, sold = 4, 4, []
        vendor_first = self.company.sudo().vmi_reservation_order == "vendor"
        received = 4
        for step, amount, pick in sequence:
            if step == "own":
                self.put_own(amount)
                own += amount
            elif step == "bring":
                self.bring(amount)
                theirs, received = theirs + amount, received + amount
            elif step == "sell" and own + theirs >= amount:
                first = min(amount, theirs if vendor_first else own)
                of_vendor = first if vendor_first else amount - first
                sold.append([self.sell_at_the_till(amount), amount - of_vendor, of_vendor])
                own, theirs = own - amount + of_vendor, theirs - of_vendor
            elif step == "refund" and sold:
                sale = sold[pick % len(sold)]
                back = min(amount, sale[1] + sale[2])
                if back:
                    of_own = min(back, sale[1])
                    self.refund(sale[0], back)
                    sale[1], sale[2] = sale[1] - of_own, sale[2] - (back - of_own)
                    own, theirs = own + of_own, theirs + back - of_own
            elif step == "book":
                self.book()
            self.assertEqual((self.stock_of(False), self.stock_of(self.vendor)), (own, theirs))
            self.assertAlmostEqual(self.value(), own * 10, 2)
        sums = self.book()
        self.assertEqual(sums.get("receipt", 0), received)
        self.assertEqual(sum(sums.values()), theirs)
