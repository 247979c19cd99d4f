from unittest.mock import patch

from freezegun import freeze_time

from odoo.tools import SQL

from ..engine.parts import EVERYBODY, Part, parts_of
from ..models import customer_tier_policy
from .common import TieringCase

POLICY = customer_tier_policy.CustomerTierPolicy


class TestParts(TieringCase):
    """Customers are shared out by their ids, and nobody is left out."""

    def parts(self, ids, size):
        return parts_of(self.env.cr, SQL("SELECT UNNEST(%s::integer[])", ids), size)

    def test_everybody_is_in_one_part(self):
        self.assertEqual(self.parts([5, 3, 9, 7], 2), [Part(up_to=5), Part(5, 9), Part(after=9)])

    def test_few_are_one_part(self):
        self.assertEqual(self.parts([5, 3], 3), [EVERYBODY])
        self.assertEqual(self.parts([], 3), [EVERYBODY])


class TestRunsInParts(TieringCase):
    """A scheduled run writes a few customers at a time, and comes to what one at once does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls.env["res.partner"]
        for number in range(7):
            customer = cls.make_customer(f"Customer {number}")
            cls.make_order(customer, 10 + 14 * number, "2026-05-01")
            cls.customers += customer
        cls.policy.evaluation_hour = 0

    def run_scheduled(self, day, at_once=2):
        """Do the scheduled run of a day and return it."""
        with (
            freeze_time(f"{day} 12:00:00"),
            patch.object(customer_tier_policy, "CUSTOMERS_AT_ONCE", at_once),
            self.enter_registry_test_mode(),
        ):
            self.env.ref("customer_tiering.ir_cron_evaluate").method_direct_trigger()
        self.env.invalidate_all()
        return self.policy.evaluation_ids.sorted("id")[-1]

    def written(self, evaluation):
        """Return everything that a run left, but for ids of its own."""
        self.env.cr.execute(
            """
            SELECT TO_JSONB(standing) - 'id' FROM customer_standing AS standing
          ORDER BY partner_id
            """
        )
        standings = [row for (row,) in self.env.cr.fetchall()]
        moves = [
            (move.partner_id, move.old_tier_id, move.new_tier_id, move.reason, move.score)
            for move in evaluation.change_ids.sorted("partner_id")
        ]
        found = {
            (line.old_tier_id, line.new_tier_id, line.customers, line.revenue)
            for line in evaluation.migration_ids
        }
        return standings, moves, found, evaluation.customer_count, evaluation.changed_count

    def both_ways(self, day):
        """Do the run of a day at once, take it back, and do it in parts; return both results."""
        results = []
        for at_once in (100, 2):
            with self.env.cr.savepoint() as savepoint:
                evaluation = self.run_scheduled(day, at_once)
                self.assertEqual(evaluation.state, "done", evaluation.message)
                results.append(self.written(evaluation))
                if at_once == 100:
                    savepoint.rollback()
                    self.env.invalidate_all()
        return results

    def test_a_first_run(self):
        whole, in_parts = self.both_ways("2026-06-10")
        self.assertEqual(whole, in_parts)
        self.assertEqual(len(whole[0]), 7)

    def test_a_run_in_which_customers_move_come_and_leave(self):
        self.run_scheduled("2026-06-10")
        self.make_order(self.customers[0], 500, "2026-06-11")
        self.make_order(self.customers[3], 200, "2026-06-11")
        self.make_order(self.make_customer("Newcomer"), 60, "2026-06-11")
        self.customers[6].active = False
        self.env["customer.tier.override"].create(
            {
                "partner_id": self.customers[1].id,
                "tier_id": self.policy.tier_ids[0].id,
                "reason": "Agreed",
            }
        )
        whole, in_parts = self.both_ways("2026-06-12")
        self.assertEqual(whole, in_parts)
        self.assertTrue(whole[1])

    def test_scores_of_a_month_that_ended_are_kept_in_parts(self):
        self.run_scheduled("2026-06-10")
        before = self.env["customer.standing"].search([]).mapped(lambda s: (s.id, s.score))
        self.make_order(self.customers[0], 500, "2026-07-01")
        self.run_scheduled("2026-07-02")
        kept = self.env["customer.standing.month"].search([])
        self.assertEqual(sorted((row.standing_id.id, row.score) for row in kept), sorted(before))

    def test_an_interrupted_run_is_carried_on_and_counts_nothing_twice(self):
        self.run_scheduled("2026-06-10")
        self.make_order(self.customers[0], 500, "2026-06-11")
        self.make_order(self.customers[5], 500, "2026-06-11")
        with self.env.cr.savepoint() as savepoint:
            expected = self.written(self.run_scheduled("2026-06-12"))
            savepoint.rollback()
            self.env.invalidate_all()
        hold, held = POLICY._hold_tiers, []

        def interrupted(policy, run):
            held.append(run)
            if len(held) == 3:
                raise RuntimeError("The server went down")
            return hold(policy, run)

        with (
            patch.object(POLICY, "_hold_tiers", interrupted),
            self.assertLogs("odoo.addons.customer_tiering.models.customer_tier_policy", "ERROR"),
        ):
            failed = self.run_scheduled("2026-06-12")
        self.assertEqual(failed.state, "failed")
        self.assertEqual(
            failed.message,
            "The server went down\n4 customers have the scores of Jun 12, 2026 already; the others "
            "keep theirs until the next run.",
        )
        self.assertIn(failed.message, self.policy.failure_message)
        self.assertEqual((failed.customer_count, failed.changed_count), (4, 1))
        self.assertEqual(failed.change_ids.partner_id, self.customers[0])
        done = self.run_scheduled("2026-06-12")
        self.assertEqual(done.state, "done", done.message)
        self.assertFalse(self.policy.failure_message)
        standings, moves, *_counts = self.written(done)
        self.assertEqual(standings, expected[0])
        self.assertEqual([move[0] for move in moves], [self.customers[5]])

    def test_by_other_criteria_all_are_written_at_once(self):
        self.run_scheduled("2026-06-10")
        commit, parts = POLICY._commit_part, []

        def count(policy, *arguments):
            parts.append(policy)
            commit(policy, *arguments)

        def number_of_parts(day):
            parts.clear()
            self.run_scheduled(day)
            return parts.count(self.policy)

        with patch.object(POLICY, "_commit_part", count):
            self.assertEqual(number_of_parts("2026-06-11"), 4)
            self.policy.criterion_ids[0].weight += 1
            self.assertEqual(number_of_parts("2026-06-12"), 1)
            self.assertEqual(number_of_parts("2026-06-13"), 4)
