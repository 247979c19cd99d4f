from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare

from .vmi_agreement_line import VENDOR_PROBLEMS


class VmiProposalTransfer(models.Model):
    """Proposals that another place of the company serves instead of the vendor."""

    _inherit = "vmi.proposal"

    kind = fields.Selection(
        [("purchase", "Purchase"), ("transfer", "Transfer")],
        required=True,
        default="purchase",
        readonly=True,
        index=True,
        help="Purchase: from the vendor.\n"
        "Transfer: from another place of the company that has a surplus. Refused, the vendor is "
        "asked instead, until the day on which the transfer would have expired.",
    )
    picking_ids = fields.One2many("stock.picking", "vmi_proposal_id", "Transfers", readonly=True)

    def _carry_out(self):
        if self.kind == "transfer":
            return bool(self._transfer_lines())
        return super()._carry_out()

    def _transfer_lines(self):
        """Make a transfer from each place that gives; what cannot be given says why."""
        pickings = self.env["stock.picking"].sudo()
        self = self.with_company(self.company_id)
        wanted = self.line_ids.filtered("approved_qty")
        found = wanted.source_line_id._find()
        hindrances = wanted.line_id._get_hindrances()
        for source, lines in wanted.grouped("source_location_id").items():
            for line in lines:
                hindrance = hindrances.get(line.line_id)
                if hindrance and hindrance not in VENDOR_PROBLEMS:
                    line.sudo().failure = line.line_id._describe_problem(hindrance)
                else:
                    line.sudo().failure = line._get_surplus_problem(found[line.source_line_id])
            if lines := lines.filtered(lambda line: not line.failure):
                picking = pickings.create(lines._prepare_transfer(source))
                picking.action_confirm()
                picking.action_assign()
                pickings += picking
        return pickings

    def action_open_transfers(self):
        """Show the transfers that came of the proposal."""
        self.ensure_one()
        pickings = self.picking_ids
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Transfers"),
            "res_model": "stock.picking",
            "view_mode": "form" if len(pickings) == 1 else "list,form",
            "res_id": pickings.id if len(pickings) == 1 else False,
            "domain": [("id", "in", pickings.ids)],
            "context": {"create": False},
        }


class VmiProposalLineTransfer(models.Model):
    _inherit = "vmi.proposal.line"

    source_line_id = fields.Many2one(
        "vmi.agreement.line",
        "Given By",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The line of the agreement whose place has a surplus.",
    )
    source_location_id = fields.Many2one(related="source_line_id.location_id", string="From")
    # As they were when it was proposed.
    source_position_qty = fields.Float("Position There", digits="Product Unit", readonly=True)
    source_max_qty = fields.Float("Maximum There", digits="Product Unit", readonly=True)
    transfer_qty = fields.Float(
        "From Other Places",
        digits="Product Unit",
        readonly=True,
        help="How much of what is missing was proposed as a transfer at the same time.",
    )

    def _get_surplus_problem(self, found):
        """Return why the place cannot give it any more; False when it can.

        :param found: what a review finds about the place now
        """
        if self.source_line_id.sudo().state != "running":
            return self.env._(
                "%s does not run any more: refuse the transfer.",
                self.source_line_id.agreement_id.display_name,
            )
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        place = self.source_location_id
        free = min(
            self.product_id.sudo().with_context(location=place.id).free_qty,
            # What is to be delivered need not be reserved yet.
            float(found["on_hand"] - found["outgoing"]),
        )
        if float_compare(free, self.approved_qty, precision_digits=digits) >= 0:
            return False
        return self.env._(
            "%(place)s has only %(free)s left: transfer no more than that, or refuse it.",
            place=place.display_name,
            free=self._format_quantity(max(free, 0)),
        )

    def _prepare_transfer(self, source):
        """Return the values of the transfer of some lines from one place."""
        proposal = self.proposal_id
        agreement = proposal.agreement_id
        operation = source.sudo().warehouse_id.int_type_id
        ends = {"location_id": source.id, "location_dest_id": agreement.location_id.id}
        return {
            **ends,
            "picking_type_id": operation.id,
            "company_id": agreement.company_id.id,
            "origin": f"{agreement.name} {proposal.name}",
            "user_id": agreement.sudo()._get_acting_buyer().id,
            "vmi_proposal_id": proposal.id,
            "move_ids": [
                fields.Command.create(
                    {
                        **ends,
                        "product_id": line.product_id.id,
                        "product_uom": line.product_uom_id.id,
                        "product_uom_qty": line.approved_qty,
                        "company_id": agreement.company_id.id,
                    }
                )
                for line in self
            ],
        }

    def write(self, vals):
        if "vendor_qty" in vals and self.filtered("source_line_id"):
            raise UserError(self.env._("The vendor has no part in a transfer."))
        return super().write(vals)

    def _describe_source(self):
        """Return in a phrase why the place gives it."""
        return self.env._(
            "; %(place)s has %(position)s, maximum %(max)s: %(quantity)s from there",
            place=self.source_location_id.display_name,
            position=self._format_quantity(self.source_position_qty),
            max=self._format_quantity(self.source_max_qty),
            quantity=self._format_quantity(self.suggested_qty),
        )
