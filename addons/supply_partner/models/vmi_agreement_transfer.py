from odoo import fields, models
from odoo.tools import SQL

from ..engine import TRANSFERS, add_transfer_lines, share_surplus


class VmiAgreementTransfer(models.Model):
    """How the surplus of other places comes before a purchase."""

    _inherit = "vmi.agreement"

    shares_surplus = fields.Boolean(
        "Share Surplus",
        default=True,
        tracking=True,
        help="What another agreement's place of the company has above its maximum is proposed as "
        "a transfer before anything is bought, and the other way round. Both agreements must "
        "allow it; places without an agreement give nothing, for they have no agreed maximum.",
    )
    transfer_count = fields.Integer("Number of Transfers", compute="_compute_transfer_count")

    def _compute_transfer_count(self):
        counts = dict(
            self.env["stock.picking"]
            .sudo()
            ._read_group(
                [("vmi_proposal_id.agreement_id", "in", self.ids)],
                ["vmi_proposal_id"],
                ["__count"],
            )
        )
        for agreement in self:
            agreement.transfer_count = sum(
                count for proposal, count in counts.items() if proposal.agreement_id == agreement
            )

    def action_open_transfers(self):
        """Show the transfers that were made for the agreement."""
        return self._action_open(
            self.env._("Transfers"), "stock.picking", "list,form", "vmi_proposal_id.agreement_id"
        )

    def _find_with_transfers(self, company):
        """Find where the lines stand and what other places of the company can give them."""
        lines = self.line_ids
        lines += lines.browse(self._get_giving_line_ids())
        scope = lines._find_in_company(company)
        share_surplus(self.env.cr, scope, self.ids, self._promise_surplus)

    def _get_giving_line_ids(self):
        """Return the lines of other agreements whose places may have a surplus of a product."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT other.id
                  FROM vmi_agreement_line line
                  JOIN vmi_agreement agreement
                    ON agreement.id = line.agreement_id AND agreement.shares_surplus
                  JOIN vmi_agreement_line other
                    ON other.product_id = line.product_id AND other.company_id = line.company_id
                   AND other.state = 'running' AND other.agreement_id <> ALL(%(agreements)s)
                  JOIN vmi_agreement giving
                    ON giving.id = other.agreement_id AND giving.shares_surplus
                 WHERE line.agreement_id = ANY(%(agreements)s)
                """,
                agreements=self.ids,
            )
        )
        return [line_id for (line_id,) in rows]

    def _propose_transfers(self):
        """Make the proposals of transfers; the vendor has no part in them."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT taker.agreement_id
                  FROM %s transfer
                  JOIN vmi_agreement_line taker ON taker.id = transfer.taker_id
              ORDER BY 1
                """,
                TRANSFERS,
            )
        )
        vals_list = [
            {
                "agreement_id": agreement.id,
                "kind": "transfer",
                "date_expiry": agreement._get_expiry(),
            }
            for agreement in self.browse(taking for (taking,) in rows)
        ]
        return self._create_proposals(vals_list, add_transfer_lines)

    def _promise_surplus(self, giving_ids):
        """Keep other reviews from giving the same away at this moment.

        :param giving_ids: the agreements that give
        :return: the ids of those about which somebody else is deciding: they give nothing now
        """
        giving = self.browse(giving_ids)
        promised = giving.try_lock_for_update(allow_referencing=True)
        if promised == giving:
            promised.invalidate_recordset(["decided_at"])
            # Written at once: a review that began earlier and comes later is turned away.
            promised.decided_at = fields.Datetime.now()
            self.env.flush_all()
        return (giving - promised).ids
