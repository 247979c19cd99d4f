"""Scheduled actions beside people who work on the same records."""

import logging
import random
import time

from psycopg2.errors import DeadlockDetected, SerializationFailure

_logger = logging.getLogger(__name__)

# Somebody else wrote what a step writes; who waited for a lock in vain has waited already.
CONFLICTS = (SerializationFailure, DeadlockDetected)
ATTEMPTS = 5
# The wait before the next attempt is drawn from 0 to this, doubled each time, in seconds.
FIRST_WAIT = 0.1


def commit_step(env, step, commit):
    """Do a step and commit it as one transaction: again where it met with other people's.

    As ``odoo.service.model.retrying`` does for requests, each attempt begins from a clean
    registry and cache, and waits a random while that grows.

    :param step: called without arguments; it has to look anew at what it is about, for others
        may have decided meanwhile
    :param commit: called without arguments
    :raise psycopg2.Error: when the last attempt met with others too
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            step()
            env.flush_all()
            commit()
        except CONFLICTS as error:
            roll_back(env)
            if attempt == ATTEMPTS:
                raise
            wait = random.uniform(0, FIRST_WAIT * 2**attempt)
            _logger.info("%s; attempt %s follows in %.2f s", error, attempt + 1, wait)
            time.sleep(wait)
        else:
            return


def roll_back(env):
    """Undo the transaction, and forget what it left in the caches and the registry."""
    env.cr.rollback()
    env.transaction.reset()
    env.registry.reset_changes()
