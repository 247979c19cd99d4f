from functools import partial

from odoo import api, models
from odoo.tools import SQL

# The rows of the ledger that one job looks at.
BLOCK = 500


class CustomerStandingChange(models.Model):
    _inherit = "customer.standing.change"

    @api.model
    def _announce_company(self, company, commit):
        """Queue a job for each block of the ledger, where work is left to jobs."""
        if not self.env["queued.runs"]._are_on():
            return super()._announce_company(company, commit)
        for block in self._find_unheard_blocks(company):
            self.env["queued.runs"]._enqueue(
                self.with_company(company),
                "_announce_job",
                company,
                block,
                description=self.env._(
                    "Notify of the tier changes of %(company)s, rows %(first)s to %(last)s",
                    company=company.name,
                    first=block * BLOCK,
                    last=(block + 1) * BLOCK - 1,
                ),
                key=f"customer_tiering:announce:{company.id}:{block}",
            )
        commit()
        return True

    @api.model
    def _find_unheard_blocks(self, company):
        """Return the numbers of the blocks in which a company's changes wait to be announced.

        A block is the rows whose ids give the same number when divided: that number stays while
        rows come and go.
        """
        self.flush_model(["is_announced"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT id / %s
                  FROM customer_standing_change
                 WHERE is_announced IS NOT TRUE AND company_id = %s
              ORDER BY 1
                """,
                BLOCK,
                company.id,
            )
        )
        return [block for (block,) in rows]

    @api.model
    def _announce_job(self, company, block):
        """Announce the changes of a company in a block of the ledger, each once."""
        unheard = [
            ("is_announced", "=", False),
            ("company_id", "=", company.id),
            ("id", ">=", block * BLOCK),
            ("id", "<", (block + 1) * BLOCK),
        ]
        announce = partial(self._announce_rows, unheard)
        self.env["customer.tier.policy"]._attempt_in_job(company, "announce", announce)
