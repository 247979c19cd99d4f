from math import floor

from odoo import api, fields, models
from odoo.fields import Command

from .vmi_vendor import get_sender


class VmiProposal(models.Model):
    _inherit = "vmi.proposal"

    edi_message_id = fields.Many2one(
        "vmi.message",
        "EDI Message",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="By which the vendor answered, or offered it without being asked.",
    )

    def _get_answer_reasons(self):
        """Add what the message itself leaves to the buyer: its way, and the prices it names."""
        sender = get_sender(self.env)
        return [*super()._get_answer_reasons(), *(sender.doubts if sender else ())]

    @api.model
    def _offer(self, agreement, quantities, reason):
        """Return a new proposal of what the vendor offers unasked; it waits for the buyer.

        Its figures are those of this moment. What fits below the maximum counts as suggested, so
        that more than that is shown as over the limit.

        :param quantities: by the agreement's line, in the product's unit
        :param reason: what the buyer is told
        """
        lines = agreement.line_ids.browse([line.id for line in quantities])
        lines._measure()
        service = self.env["vmi.vendor"]
        sellers = service._get_sellers(lines)
        vals_list = []
        for line in lines:
            multiple = service._get_multiple(line, sellers.get(line.id, {}))
            free = max(line.level_max_qty - line.position_qty, 0)
            fits = floor(free / multiple + 1e-6) * multiple if multiple else free
            vals_list.append(line._prepare_offer(quantities[line], fits, multiple))
        proposal = self.with_context(mail_create_nolog=True).create(
            {
                **agreement._prepare_proposal_vals(agreement.minimum_order_value, 0),
                "state": "draft",
                "line_ids": [Command.create(vals) for vals in vals_list],
            }
        )
        proposal._hold(reason)
        return proposal
