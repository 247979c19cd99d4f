"""A worker of the queue, for tests and measurements: what ``/queue_job/runjob`` does, in a loop."""

import contextlib

from psycopg2.errors import SerializationFailure

from odoo.addons.queue_job.controllers.main import RunJobController
from odoo.addons.queue_job.jobrunner.runner import Database
from odoo.addons.set_based_runs.transactions import roll_back


def work_off(env):
    """Do the jobs that are ready, one after the other, until there is none; return how many.

    What a job commits stays, and a job that fails is marked so and stops no other. Several
    processes may do this side by side.
    """
    count = 0
    while uuid := _take(env):
        # The job's lock is held by this transaction for as long as the job takes.
        job = RunJobController._acquire_job(env, uuid)
        if job:
            # The reason is kept with the job.
            with contextlib.suppress(Exception):
                RunJobController._runjob(env, job)
                env.cr.commit()  # pylint: disable=invalid-commit
        roll_back(env)
        count += 1
    return count


def requeue_dead(env):
    """Have jobs whose process was killed done again, as the job runner does after 10 seconds."""
    env.cr.execute(
        "UPDATE queue_job SET date_enqueued = date_enqueued - INTERVAL '1 minute' "
        "WHERE state IN ('enqueued', 'started')"
    )
    env.cr.execute(Database._query_requeue_dead_jobs(None))
    return env.cr.rowcount


def _take(env):
    """Return the id of the next job, which is marked as handed to a worker."""
    while True:
        try:
            env.cr.execute(
                """
                UPDATE queue_job
                   SET state = 'enqueued', date_enqueued = NOW() AT TIME ZONE 'UTC'
                 WHERE id = (SELECT id FROM queue_job
                              WHERE state = 'pending'
                                AND (eta IS NULL OR eta <= NOW() AT TIME ZONE 'UTC')
                           ORDER BY priority, id
                              LIMIT 1
                                FOR UPDATE SKIP LOCKED)
             RETURNING uuid
                """,
                log_exceptions=False,
            )
            break
        except SerializationFailure:
            # Another worker took it since this one's transaction began.
            env.cr.rollback()
    row = env.cr.fetchone()
    env.cr.commit()  # pylint: disable=invalid-commit
    env.invalidate_all()
    return row and row[0]
