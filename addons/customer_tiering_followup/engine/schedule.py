"""Which tasks fall on which day."""

from odoo.tools import SQL


def count_tasks(cr, tasks):
    """Return how many tasks each user has: {user id: number}; those of nobody are left out.

    :param tasks: SQL name of a table with ``user_id``
    """
    cr.execute(SQL("SELECT user_id, COUNT(*) FROM %s WHERE user_id IS NOT NULL GROUP BY 1", tasks))
    return dict(cr.fetchall())


def placed_query(tasks, slots, today):
    """Return the SELECT of the tasks that found room, with their ``day``.

    Those of nobody are due today.

    :param tasks: SQL name of a table with ``user_id`` and ``place``, the order of each user's
    :param slots: [(user id, day, first task, last task), …]
    """
    return SQL(
        """
        SELECT task.*, COALESCE(slot.day, %(today)s) AS day
          FROM %(tasks)s AS task
     LEFT JOIN (%(slots)s) AS slot
            ON slot.user_id = task.user_id
           AND task.place BETWEEN slot.first AND slot.last
         WHERE task.user_id IS NULL OR slot.day IS NOT NULL
        """,
        tasks=tasks,
        slots=_slots_query(slots),
        today=today,
    )


def _slots_query(slots):
    users, days, firsts, lasts = zip(*slots, strict=True) if slots else ([], [], [], [])
    return SQL(
        """
        SELECT user_id, day, first, last
          FROM UNNEST(%s::int[], %s::date[], %s::int[], %s::int[])
               AS slot (user_id, day, first, last)
        """,
        list(users),
        list(days),
        list(firsts),
        list(lasts),
    )
