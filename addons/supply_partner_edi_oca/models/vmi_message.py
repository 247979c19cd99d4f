import base64

from odoo import fields, models
from odoo.addons.supply_partner_edi.tools import EdifactError


class VmiMessage(models.Model):
    """A message that OCA's framework brings to the vendor."""

    _inherit = "vmi.message"

    channel = fields.Selection(
        selection_add=[("oca", "EDI Framework")], ondelete={"oca": "set null"}
    )
    edi_record_id = fields.Many2one(
        "edi.exchange.record",
        "Exchange Record",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        help="By which it is sent. What goes wrong there makes the message an error.",
    )

    def _deliver_one(self):
        partner = self.edi_partner_id
        if partner.channel != "oca":
            super()._deliver_one()
            return
        if problems := partner._get_problems():
            self._fail([EdifactError("incomplete", text=" ".join(problems))])
            return
        self._hand_over(partner)
        self.write({"state": "sent", "channel": "oca", "done_at": fields.Datetime.now()})
        self._end_activities()

    def _hand_over(self, partner):
        """Give the file to OCA's framework, once: what went wrong there goes again."""
        record = self.edi_record_id
        same = (partner.edi_backend_id, partner.edi_out_type_id)
        if record and (record.backend_id, record.type_id) == same:
            if record.edi_exchange_state == "output_error_on_send":
                record.edi_exchange_state = "output_pending"
            return
        self.edi_record_id = (
            self.env["edi.exchange.record"]
            .with_context(edi__skip_quick_exec=True)
            .create(
                {
                    "backend_id": partner.edi_backend_id.id,
                    "type_id": partner.edi_out_type_id.id,
                    "company_id": partner.company_id.id,
                    "external_identifier": self.interchange_ref,
                    "exchange_filename": self.file_name,
                    "exchange_file": base64.b64encode(self._get_data()),
                    "edi_exchange_state": "output_pending",
                    "model": self._name,
                    "res_id": self.id,
                }
            )
        )

    def get_edi_access(self, _ids, operation, model_name=None):
        """Return the right to the message that who works on its exchange record needs.

        What was written is sent as it is: nobody may alter it on its way, who may work on the
        message either.
        """
        return "read" if operation == "read" else "unlink"
