from odoo import models
from odoo.tools import SQL

from ..engine import FINDINGS, ReviewScope, apply_findings, find


class VmiAgreementLineReview(models.Model):
    """What a review finds about single lines."""

    _inherit = "vmi.agreement.line"

    def _measure(self):
        """Find where the lines stand, without proposing anything."""
        for company, lines in self.grouped("company_id").items():
            lines = lines.sudo()
            lines._find_in_company(company)
            apply_findings(self.env.cr)
            lines.invalidate_recordset(flush=False)
            lines.orderpoint_id.invalidate_recordset(
                ["product_min_qty", "product_max_qty"], flush=False
            )

    def _find(self):
        """Return what a review would find, as rows by line; writes nothing."""
        found = {}
        for company, lines in self.grouped("company_id").items():
            lines.sudo()._find_in_company(company)
            self.env.cr.execute(SQL("SELECT * FROM %s", FINDINGS))
            for row in self.env.cr.dictfetchall():
                found[self.browse(row["line_id"])] = row
        return found

    def _find_in_company(self, company):
        """Find where lines of one company stand; return the scope they were found with."""
        # The statements read the tables of half of Odoo.
        self.env.flush_all()
        scope = self._prepare_scope(company)
        find(self.env.cr, scope)
        return scope

    def _prepare_scope(self, company):
        today = company._vmi_today()
        agreements = self.agreement_id
        return ReviewScope(
            company_id=company.id,
            lines=SQL("SELECT unnest(%s::integer[])", self.ids),
            today=today,
            timezone=company._vmi_timezone(),
            digits=self.env["decimal.precision"].precision_get("Product Unit"),
            days_to_purchase=int(company.days_to_purchase),
            rhythms=agreements._prepare_rhythms(today),
            targets=self._get_service_targets(),
            rates=self._prepare_rates(company, today),
            position_parts=tuple(self._get_position_parts(company)),
            usable_stock=self._get_usable_stock(),
            quotation_group=self._get_quotation_group(),
            quotation_condition=self._get_quotation_condition(),
        )

    def _get_usable_stock(self):
        """Return SQL for how much of a ``quant`` can be counted on; a hook for other add-ons."""
        return SQL("quant.quantity")

    def _get_quotation_group(self):
        """Return SQL that is the same for orders of which one only will come; a hook.

        :return: SQL over ``purchase``, a request for quotation; the largest of a group counts
        """
        return SQL("purchase.id")

    def _get_quotation_condition(self):
        """Return the SQL condition for what a request for quotation may still bring; a hook.

        :return: SQL over ``purchase`` and its line ``ordered``
        """
        return SQL("TRUE")

    def _get_position_parts(self, company):
        """Return what else counts towards the position; a hook for other add-ons.

        An add-on that extends Odoo's forecast, for expiry dates or production, extends this to
        have its part in the same pass. The temporary table ``vmi_due`` has a row per line with
        ``line_id``, ``agreement_id``, ``product_id``, ``location_id`` (the place), ``unit_factor``
        (of the product's unit) and ``horizon_end`` (the moment up to which things count, in UTC);
        the table ``inside`` has the pairs ``place_id`` and ``location_id`` of what lies in each.

        :param company: whose lines are found; all are of one company
        :return: list of SQL, each the SELECT of ``line_id`` and ``quantity`` in the product's
            unit, below 0 for what is to be taken off; a line may have several rows or none
        """
        return []

    def _get_service_targets(self):
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT service_target FROM vmi_agreement_line "
                "WHERE id = ANY(%s) AND method = 'service_level'",
                self.ids,
            )
        )
        return tuple(target for (target,) in rows)

    def _prepare_rates(self, company, today):
        """Return the rates from the currencies of vendors' rows to those of agreements."""
        vendors = self.agreement_id.partner_id
        currencies = self.env["product.supplierinfo"]._read_group(
            [("partner_id", "in", (vendors | vendors.parent_id).ids)], ["currency_id"]
        )
        convert = self.env["res.currency"]._get_conversion_rate
        return tuple(
            (source.id, target.id, convert(source, target, company, today))
            for (source,) in currencies
            for target in self.agreement_id.currency_id
        )
