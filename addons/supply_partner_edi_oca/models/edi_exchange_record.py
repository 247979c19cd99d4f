from odoo import api, models
from odoo.addons.supply_partner_edi.tools import EdifactError, read_interchange

TAKER = "vmi.edi.oca.taker"
GUARDED = ("vmi.edi.partner", "vmi.message")


class EdiExchangeRecord(models.Model):
    """A file on its way from or to a vendor; what is in it is a ``vmi.message``.

    OCA lets any employee read, alter and delete a record that belongs to no other. So those from
    vendors belong to the vendor's EDI from the beginning.
    """

    _inherit = "edi.exchange.record"

    @api.model_create_multi
    def create(self, vals_list):
        # Nothing is processed before it is guarded.
        records = super(EdiExchangeRecord, self.with_context(edi__skip_quick_exec=True)).create(
            vals_list
        )
        records = records.with_env(self.env)
        for record in records.filtered(lambda record: record._is_from_vendor()):
            if partner := record.sudo()._get_vmi_partner():
                record.sudo()._guard(partner)
                # Who may not change the vendor's EDI may not bring messages in its name.
                record.check_access("write")
        for record in records:
            if record._quick_exec_enabled():
                record._execute_next_action()
        return records

    def _is_from_vendor(self):
        """Return whether it is of a type whose files hold messages from vendors."""
        kind = self.sudo().type_id
        return kind.direction == "input" and kind.process_model_id.model == TAKER

    def _is_guarded(self):
        """Return whether it belongs to the EDI with a vendor, or to messages."""
        return any(link.model in GUARDED for link in self.related_record_ids)

    def _get_vmi_partner(self):
        """Return the EDI with the vendor whose it is: of several, the sender's."""
        self.ensure_one()
        partners = self.env["vmi.edi.partner"].search(
            [
                ("channel", "=", "oca"),
                ("edi_backend_id", "=", self.backend_id.id),
                ("edi_in_type_id", "=", self.type_id.id),
            ],
            order="id",
        )
        if self.company_id:
            partners = partners.filtered(lambda one: one.company_id == self.company_id)
        data = self.with_context(bin_size=False)._get_file_content(as_bytes=True)
        if len(partners) > 1 and data:
            try:
                found = read_interchange(data)
            except EdifactError:
                return partners[:1]
            ends = (found.sender, found.receiver)
            return (
                partners.filtered(lambda one: (one.vendor_gln, one.company_gln) == ends)[:1]
                or partners[:1]
            )
        return partners[:1]

    def _guard(self, partner):
        """Have it belong to the EDI with a vendor, and to nobody else's."""
        links = self.related_record_ids.filtered(lambda link: link.model == partner._name)
        if links.mapped("res_id") != partner.ids:
            links.unlink()
            self._relate_new(partner)
        self.company_id = partner.company_id

    def _relate_new(self, targets):
        """Relate it to what it is not related to yet."""
        known = {(link.model, link.res_id) for link in self.related_record_ids}
        for target in targets:
            if (target._name, target.id) not in known:
                self._set_related_record(target)

    def _notify_error(self, message_key):
        result = super()._notify_error(message_key)
        if message_key == "send_ko":
            for link in self.sudo().related_record_ids:
                if link.model == "vmi.message" and link.record:
                    link.record._fail([EdifactError("said", text=self.exchange_error or "")])
        return result
