from unittest.mock import Mock, patch

from psycopg2.errors import LockNotAvailable, SerializationFailure

from odoo.tests import BaseCase

from ..tools import commit_step
from ..tools.transactions import ATTEMPTS, FIRST_WAIT


class TestTransactions(BaseCase):
    """A step of a scheduled action is done again where it met with other people's work."""

    def setUp(self):
        super().setUp()
        self.environment = Mock()
        self.commit = Mock()
        self.sleep = self.startPatcher(patch("time.sleep"))

    def test_it_begins_anew_until_nobody_is_in_the_way(self):
        step = Mock(side_effect=[SerializationFailure, SerializationFailure, None])
        commit_step(self.environment, step, self.commit)
        self.assertEqual(step.call_count, 3)
        self.commit.assert_called_once_with()
        for undo in (
            self.environment.cr.rollback,
            self.environment.transaction.reset,
            self.environment.registry.reset_changes,
        ):
            self.assertEqual(undo.call_count, 2)

    def test_a_conflict_on_the_way_to_the_database_counts_too(self):
        self.environment.flush_all.side_effect = [SerializationFailure, None]
        step = Mock()
        commit_step(self.environment, step, self.commit)
        self.assertEqual(step.call_count, 2)
        self.commit.assert_called_once_with()

    def test_the_waits_grow_and_the_last_failure_is_told(self):
        step = Mock(side_effect=SerializationFailure)
        self.startPatcher(patch("random.uniform", side_effect=lambda _least, most: most))
        with self.assertRaises(SerializationFailure):
            commit_step(self.environment, step, self.commit)
        self.assertEqual(step.call_count, ATTEMPTS)
        self.assertEqual(self.environment.cr.rollback.call_count, ATTEMPTS)
        waits = [call.args[0] for call in self.sleep.call_args_list]
        self.assertEqual(waits, [FIRST_WAIT * 2**attempt for attempt in range(1, ATTEMPTS)])
        self.commit.assert_not_called()

    def test_who_waited_for_a_lock_in_vain_is_not_asked_to_wait_again(self):
        step = Mock(side_effect=LockNotAvailable)
        with self.assertRaises(LockNotAvailable):
            commit_step(self.environment, step, self.commit)
        step.assert_called_once_with()
