from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merges contacts. Of what a vendor has once, the one that is kept keeps its own.

    Odoo looks for constraints alone before it moves rows, and these are unique by an index. A
    model says in ``_once_for_a_vendor`` by which fields, ``partner_id`` aside; a row that would be
    the second gives way by its ``_give_way_to`` or is deleted.
    """

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        merged = src_partners | dst_partner
        for model in self.env.values():
            others = getattr(model, "_once_for_a_vendor", None)
            if others is None:
                continue
            records = model.sudo().with_context(active_test=False)
            found = records.search([("partner_id", "in", merged.ids)], order="id").sorted(
                lambda record: (record.partner_id != dst_partner, not _is_active(record))
            )
            kept = {}
            for record in found:
                first = kept.setdefault(tuple(record[name].id for name in others), record)
                if record != first:
                    _give_way(record, first)
        return super()._update_foreign_keys(src_partners, dst_partner)


def _is_active(record):
    return "active" not in record._fields or record.active


def _give_way(record, kept):
    if hasattr(record, "_give_way_to"):
        record._give_way_to(kept)
    else:
        record.unlink()
