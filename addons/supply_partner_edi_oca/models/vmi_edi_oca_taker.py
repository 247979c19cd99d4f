from odoo import models
from odoo.exceptions import UserError


class VmiEdiOcaTaker(models.AbstractModel):
    """What exchange types for messages of vendors name as their processor."""

    _name = "vmi.edi.oca.taker"
    _inherit = "edi.oca.handler.process"
    _description = "Supply Partner: take messages from vendors"

    def process(self, exchange_record):
        """Keep the messages of a record that came in; they are carried out afterwards.

        OCA takes back a whole run with everything in it where one record fails. So nothing is
        carried out here, but by our own scheduled action, each message in its own transaction.

        :raise UserError: where it is not known whose it is
        """
        record = exchange_record.sudo()
        partner = record._get_vmi_partner()
        if not partner:
            raise UserError(
                self.env._("No vendor's EDI is set up for %s.", record.backend_id.display_name)
            )
        if not record._is_guarded():
            # Anybody may have altered it until now.
            raise UserError(
                self.env._(
                    "It came before a vendor's EDI was set up for it, and was open to everybody: "
                    "have it received again."
                )
            )
        record._guard(partner)
        messages = partner._receive(
            record.exchange_filename or record.identifier,
            record._get_file_content(as_bytes=True),
            "oca",
        )
        record._relate_new(messages)
        messages._send_soon()
