from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .edi_exchange_record import TAKER


class VmiEdiPartner(models.Model):
    """EDI with a vendor whose files OCA's framework brings and fetches."""

    _inherit = "vmi.edi.partner"

    channel = fields.Selection(
        selection_add=[("oca", "EDI Framework")], ondelete={"oca": "set default"}
    )
    edi_backend_id = fields.Many2one(
        "edi.backend", "EDI Backend", ondelete="restrict", tracking=True, index="btree_not_null"
    )
    edi_in_type_id = fields.Many2one(
        "edi.exchange.type",
        "Comes in As",
        ondelete="restrict",
        tracking=True,
        domain=f"[('direction', '=', 'input'), ('process_model_id.model', '=', '{TAKER}')]",
        help="The exchange type of what the vendor sends. Its processor is "
        '"Supply Partner: take messages from vendors".',
    )
    edi_out_type_id = fields.Many2one(
        "edi.exchange.type",
        "Goes out As",
        ondelete="restrict",
        tracking=True,
        domain="[('direction', '=', 'output')]",
        help="The exchange type of what is sent to the vendor. Its sender says by which way.",
    )

    @api.depends("edi_backend_id", "edi_in_type_id", "edi_out_type_id")
    def _compute_problem(self):
        return super()._compute_problem()

    @api.constrains("company_id", "edi_backend_id", "edi_in_type_id", "edi_out_type_id")
    def _check_edi_types(self):
        for one in self.sudo():
            backend = one.edi_backend_id
            if backend.company_id and backend.company_id != one.company_id:
                raise ValidationError(
                    self.env._("EDI Backend: %s is another company's.", backend.display_name)
                )
            for name, direction in (("edi_in_type_id", "input"), ("edi_out_type_id", "output")):
                kind = one[name]
                fits = kind.direction == direction and (
                    kind.backend_id == backend
                    or (not kind.backend_id and kind.backend_type_id == backend.backend_type_id)
                )
                if direction == "input":
                    fits = fits and kind.process_model_id.model == TAKER
                if kind and not fits:
                    raise ValidationError(
                        self.env._(
                            "%(field)s: %(type)s is not of this backend, of the other direction, "
                            "or has another processor.",
                            field=one._fields[name]._description_string(self.env),
                            type=kind.display_name,
                        )
                    )

    def _get_problems(self):
        problems = super()._get_problems()
        if self.channel == "oca" and not (
            self.edi_backend_id.active
            and self.edi_in_type_id.active
            and self.edi_out_type_id.active
        ):
            problems.append(
                self.env._("Choose an active backend, and the exchange types in and out.")
            )
        return problems

    def get_edi_access(self, _ids, operation, model_name=None):
        """Return the right to the vendor's EDI that who works on its exchange records needs."""
        return "read" if operation == "read" else "write"
