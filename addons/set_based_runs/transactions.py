"""Scheduled actions beside people who work on the same records."""

import logging
import random
import time

from psycopg2.errors import DeadlockDetected, ForeignKeyViolation, SerializationFailure

_logger = logging.getLogger(__name__)

# What happens when somebody writes, deletes or merges what a step is about to write; who waited
# for a lock in vain has waited already.
CONFLICTS = (SerializationFailure, DeadlockDetected, ForeignKeyViolation)
ATTEMPTS = 10
# How often a step writes side by side with others before it asks them to wait.
OPTIMISTIC_ATTEMPTS = 2
# The wait before the next attempt is drawn from 0 to this, doubled each time, in seconds.
FIRST_WAIT = 0.1
LONGEST_WAIT = 4


def commit_step(env, step, commit, insist=None, attempts=ATTEMPTS):
    """Do a step and commit it as one transaction: again where it met with other people's.

    As ``odoo.service.model.retrying`` does for requests, each attempt begins from a clean
    registry and cache, and waits a random while that grows.

    :param step: called without arguments; it has to look anew at what it is about, for others
        may have decided meanwhile. Returns how much was done, or nothing.
    :param commit: called with that number (``processed``); returns the time that is left
    :param insist: called first of all in an attempt after :data:`OPTIMISTIC_ATTEMPTS`, to have
        others wait
    :param attempts: how often the step is tried
    :return: what ``commit`` returns
    :raise psycopg2.Error: when the last attempt met with others too
    """
    for attempt in range(1, attempts + 1):
        try:
            if insist and attempt > OPTIMISTIC_ATTEMPTS:
                insist()
            done = step() or 0
            env.flush_all()
            return commit(processed=done)
        except CONFLICTS as error:
            roll_back(env)
            if attempt == attempts:
                raise
            wait = random.uniform(0, min(FIRST_WAIT * 2**attempt, LONGEST_WAIT))
            _logger.info("%s; attempt %s follows in %.2f s", error, attempt + 1, wait)
            time.sleep(wait)
    return None


def roll_back(env):
    """Undo the transaction, and forget what it left in the caches and the registry."""
    env.cr.rollback()
    env.transaction.reset()
    env.registry.reset_changes()
