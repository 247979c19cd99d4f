"""Planning the follow-ups of 100,000 customers who are all due, against bare rows.

The floor is one INSERT … SELECT of as many rows into the table of activities, with its
indexes and foreign keys: no ledger, no followers, no last contacts. Other numbers of
customers: as arguments, or in BENCH_CUSTOMERS (5000,50000).
"""

from __future__ import annotations

import sys
import time

from odoo.tools import SQL

from benchmarks.common import Limits, generated_database, odoo_environment, seconds, sizes
from benchmarks.generator import LAST_DAY

USUAL = (100_000,)
MANAGERS = 50
MESSAGES_PER_CUSTOMER = 3

# Seconds that a transaction may take: so long nobody can delete what it names.
TRANSACTION = 10.0


class FollowUps:
    """A database in which each customer in a tier is due."""

    def __init__(self, env):
        self.env = env
        self.policy = env["customer.tier.policy"]._get_active()
        self.policy.evaluate(LAST_DAY)
        level = env["customer.service.level"].create({"name": "Yearly", "followup_days": 30})
        self.policy.tier_ids.service_level_id = level
        self.managers = env["res.users"].create(
            [
                {
                    "name": f"Manager {number}",
                    "login": f"manager_{number}",
                    "group_ids": [(4, env.ref("sales_team.group_sale_salesman").id)],
                }
                for number in range(MANAGERS)
            ]
        )
        env.flush_all()
        self.share_customers()
        self.write_messages()
        env.cr.commit()
        env.cr.execute("ANALYZE")
        env.cr.commit()
        env.invalidate_all()

    def share_customers(self):
        """Give each customer one of the account managers."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE res_partner
                   SET user_id = (%s::int[])[1 + res_partner.id %% %s]
                  FROM customer_standing
                 WHERE customer_standing.partner_id = res_partner.id
                """,
                self.managers.ids,
                MANAGERS,
            )
        )

    def write_messages(self):
        """Have the account managers note something on each customer, long ago."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO mail_message (model, res_id, message_type, author_id, date, body)
                SELECT 'res.partner', partner.id, 'comment', manager.partner_id,
                       %s::date - number * 10, 'Called'
                  FROM customer_standing AS standing
                  JOIN res_partner AS partner ON partner.id = standing.partner_id
                  JOIN res_users AS manager ON manager.id = partner.user_id
            CROSS JOIN GENERATE_SERIES(1, %s) AS number
                """,
                LAST_DAY,
                MESSAGES_PER_CUSTOMER,
            )
        )

    def seconds_of_floor(self):
        """Return how long as many bare activities take; they are taken back."""
        taken = seconds(self.insert_bare_activities)
        self.env.cr.rollback()
        return taken

    def insert_bare_activities(self):
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO mail_activity (res_model_id, res_model, res_id, res_name, user_id,
                                           activity_type_id, summary, date_deadline, active,
                                           automated, create_uid, write_uid, create_date,
                                           write_date)
                SELECT %(model)s, 'res.partner', partner.id, partner.complete_name,
                       partner.user_id, %(type)s, 'Follow-up', CURRENT_DATE, TRUE, TRUE, 1, 1,
                       NOW(), NOW()
                  FROM customer_standing AS standing
                  JOIN res_partner AS partner ON partner.id = standing.partner_id
                """,
                model=self.env["ir.model"]._get_id("res.partner"),
                type=self.env.ref("mail.mail_activity_data_call").id,
            )
        )

    def plan(self):
        """Do what the scheduled action does; return the seconds of both of its halves."""
        followups = self.env["customer.followup"]
        clock = Clock(self.env.cr)
        planning = seconds(lambda: followups._plan_follow_ups(self.policy, clock.commit))
        making = seconds(lambda: followups._make_activities(clock.commit))
        return planning, making, clock.longest

    def judge(self, limits):
        floor = self.seconds_of_floor()
        planning, making, longest = self.plan()
        rows, activities = self.counts()
        print(f"\n{activities:,} follow-ups for {MANAGERS} account managers")
        print(f"  floor                {floor:.2f} s")
        print(f"  planning             {planning:.2f} s")
        print(f"  making activities    {making:.2f} s")
        print(f"  all, times the floor {(planning + making) / floor:.1f}")
        again, _making, _longest = self.plan()
        print(f"  planning again       {again:.2f} s")
        limits.at_most("longest transaction", longest, TRANSACTION, "s")
        limits.at_most("rows without an activity", rows - activities, 0)
        limits.at_most("planned twice", self.counts()[0] - rows, 0)
        mails = self.env["mail.mail"].search_count([])
        limits.at_most("mails", mails, 0)

    def counts(self):
        """Return how many rows the ledger has, and how many activities customers."""
        self.env.cr.execute(
            """
            SELECT (SELECT COUNT(*) FROM customer_followup),
                   (SELECT COUNT(*) FROM mail_activity WHERE res_model = 'res.partner')
            """
        )
        return self.env.cr.fetchone()


class Clock:
    """Commits, and knows how long the longest transaction took."""

    def __init__(self, cr):
        self.cr = cr
        self.start = time.perf_counter()
        self.longest = 0.0

    def commit(self, **_progress):
        """Commit, with time left for ever."""
        self.cr.commit()
        now = time.perf_counter()
        self.longest = max(self.longest, now - self.start)
        self.start = now
        return float("inf")


def main() -> int:
    limits = Limits()
    for customers in sizes(*USUAL):
        with generated_database(customers) as database, odoo_environment(database) as env:
            FollowUps(env).judge(limits)
    return limits.exit_code()


if __name__ == "__main__":
    sys.exit(main())
