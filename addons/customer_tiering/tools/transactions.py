"""Scheduled actions beside people who work on the same records."""

from psycopg2.errors import DeadlockDetected, ForeignKeyViolation, SerializationFailure

# What happens when somebody writes, deletes or merges what a step is about to write.
CONFLICTS = (SerializationFailure, DeadlockDetected, ForeignKeyViolation)
ATTEMPTS = 10


def commit_step(env, step, commit):
    """Do a step and commit it, as one transaction: again where it met with other people's.

    :param step: called with the number of the attempt, from 1; returns what to count
    :param commit: called with that number (``processed``); returns the time that is left
    :return: what ``commit`` returns
    :raise psycopg2.Error: when the last attempt met with others too
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return commit(processed=step(attempt) or 0)
        except CONFLICTS:
            env.cr.rollback()
            env.invalidate_all(flush=False)
            if attempt == ATTEMPTS:
                raise
    return None
