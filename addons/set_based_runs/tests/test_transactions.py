from unittest.mock import Mock, patch

from psycopg2.errors import LockNotAvailable, SerializationFailure, UniqueViolation

from odoo.tests import BaseCase

from .. import transactions
from ..transactions import (
    ATTEMPTS,
    FIRST_WAIT,
    LONGEST_WAIT,
    OPTIMISTIC_ATTEMPTS,
    commit_step,
)


class TestTransactions(BaseCase):
    """A step of a scheduled action beside people who work on the same records."""

    def setUp(self):
        super().setUp()
        self.work, self.commit = Mock(), Mock(return_value=60)
        self.sleep = self.startPatcher(patch.object(transactions.time, "sleep"))

    def test_a_step_is_committed_with_what_it_counts(self):
        self.assertEqual(commit_step(self.work, lambda: 7, self.commit), 60)
        self.commit.assert_called_once_with(processed=7)
        self.sleep.assert_not_called()

    def test_a_step_that_meets_with_others_begins_anew_after_a_wait(self):
        step = Mock(side_effect=[SerializationFailure, SerializationFailure, 3])
        commit_step(self.work, step, self.commit)
        self.commit.assert_called_once_with(processed=3)
        self.assertEqual(self.work.cr.rollback.call_count, 2)
        self.assertEqual(self.work.transaction.reset.call_count, 2)
        self.assertEqual(self.work.registry.reset_changes.call_count, 2)
        self.assertEqual(self.sleep.call_count, 2)

    def test_others_are_asked_to_wait_where_a_step_met_with_them_again(self):
        done = []
        step = Mock(side_effect=[SerializationFailure] * OPTIMISTIC_ATTEMPTS + [1])
        insist = Mock(side_effect=lambda: done.append(step.call_count))
        commit_step(self.work, step, self.commit, insist)
        self.assertEqual(done, [OPTIMISTIC_ATTEMPTS], "once, before the last attempt")

    def test_a_conflict_on_the_way_to_the_database_counts_too(self):
        self.work.flush_all.side_effect = [SerializationFailure, None]
        step = Mock(return_value=None)
        commit_step(self.work, step, self.commit)
        self.assertEqual(step.call_count, 2)
        self.commit.assert_called_once_with(processed=0)

    def test_the_waits_grow_and_the_last_failure_is_told(self):
        step = Mock(side_effect=SerializationFailure)
        longest = patch.object(transactions.random, "uniform", lambda _least, most: most)
        with longest, self.assertRaises(SerializationFailure):
            commit_step(self.work, step, self.commit)
        self.assertEqual(step.call_count, ATTEMPTS)
        self.assertEqual(self.work.cr.rollback.call_count, ATTEMPTS)
        waits = [call.args[0] for call in self.sleep.call_args_list]
        grown = [min(FIRST_WAIT * 2**attempt, LONGEST_WAIT) for attempt in range(1, ATTEMPTS)]
        self.assertEqual(waits, grown)
        self.commit.assert_not_called()

    def test_what_others_are_not_to_blame_for_is_not_tried_again(self):
        for error in UniqueViolation, LockNotAvailable:
            step = Mock(side_effect=error)
            with self.assertRaises(error):
                commit_step(self.work, step, self.commit)
            self.assertEqual(step.call_count, 1)
