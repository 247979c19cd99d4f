from odoo import models
from odoo.tools import SQL

from ..engine import FINDINGS, ReviewScope, apply_findings, find, find_hindrances
from ..tools import whole_step


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

    def _get_hindrances(self):
        """Return by line why nothing can be ordered for it, as values of ``problem``."""
        found = {}
        self.env.flush_all()
        for company, lines in self.grouped("company_id").items():
            scope = lines.sudo()._prepare_scope(company)
            hindrances = find_hindrances(self.env.cr, scope)
            found.update({self.browse(line_id): code for line_id, code in hindrances.items()})
        return found

    def _prepare_scope(self, company):
        today = company._vmi_today()
        agreements = self.agreement_id
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return ReviewScope(
            company_id=company.id,
            lines=SQL("SELECT unnest(%s::integer[])", self.ids),
            today=today,
            timezone=company._vmi_timezone(),
            digits=digits,
            days_to_purchase=int(company.days_to_purchase),
            rhythms=agreements._prepare_rhythms(today),
            targets=self._get_service_targets(),
            rates=self._prepare_rates(company, today),
            hindrances=tuple(self._iterate_hindrances(company)),
            steps=self._prepare_steps(digits),
            position_parts=tuple(self._get_position_parts(company)),
            usable_stock=self._get_usable_stock(company),
            quotation_group=self._get_quotation_group(),
            quotation_condition=self._get_quotation_condition(),
        )

    def _get_usable_stock(self, company):
        """Return SQL for how much of a ``quant`` can be counted on; a hook for other add-ons.

        :param company: whose lines are found; all are of one company
        """
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

        An add-on that extends Odoo's forecast, for production say, extends this to
        have its part in the same pass. The temporary table ``vmi_due`` has a row per line with
        ``line_id``, ``agreement_id``, ``product_id``, ``location_id`` (the place), ``unit_factor``
        (of the product's unit) and ``horizon_end`` (the moment up to which things count, in UTC);
        the table ``inside`` has the pairs ``place_id`` and ``location_id`` of what lies in each.

        :param company: whose lines are found; all are of one company
        :return: list of SQL, each the SELECT of ``line_id`` and ``quantity`` in the product's
            unit, below 0 for what is to be taken off; a line may have several rows or none
        """
        return []

    def _iterate_hindrances(self, company):
        """Yield the lines that cannot be served for what only Odoo's methods know; a hook.

        :param company: whose lines are found; all are of one company
        :return: pairs of line id and a value of ``problem``; a line comes once
        """
        kits = self._get_kit_line_ids(company)
        yield from ((line_id, "kit") for line_id in kits)
        unbought = self._get_unbought_line_ids() - kits
        yield from ((line_id, "no_buy_rule") for line_id in unbought)

    def _get_kit_line_ids(self, company):
        products = self.env["product.product"].with_company(company)
        if "is_kits" not in products._fields:
            return set()
        kits = products.with_context(active_test=False).search([("is_kits", "=", True)])
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM vmi_agreement_line WHERE id = ANY(%s) AND product_id = ANY(%s)",
                self.ids,
                kits.ids,
            )
        )
        return {line_id for (line_id,) in rows}

    def _get_unbought_line_ids(self):
        """Return the ids of the lines whose place is supplied by something else than a purchase.

        Odoo is asked once for all lines for which it looks at the same routes.
        """
        rows = self.env.execute_query(
            SQL(
                """
                WITH chosen AS (
                    SELECT product_id AS template_id, ARRAY_AGG(route_id ORDER BY route_id) AS ids
                      FROM stock_route_product
                  GROUP BY product_id
                ),
                bought AS (SELECT DISTINCT product_tmpl_id FROM product_supplierinfo)
                SELECT ARRAY_AGG(line.id ORDER BY line.id), line.location_id,
                       agreement.warehouse_id, point.route_id
                  FROM vmi_agreement_line line
                  JOIN vmi_agreement agreement ON agreement.id = line.agreement_id
                  JOIN product_product product ON product.id = line.product_id
                  JOIN product_template template ON template.id = product.product_tmpl_id
             LEFT JOIN stock_warehouse_orderpoint point ON point.id = line.orderpoint_id
             LEFT JOIN chosen ON chosen.template_id = template.id
             LEFT JOIN bought ON bought.product_tmpl_id = template.id
                 WHERE line.id = ANY(%s)
              GROUP BY line.location_id, agreement.warehouse_id, point.route_id,
                       template.categ_id, chosen.ids, bought.product_tmpl_id IS NULL
                """,
                self.ids,
            )
        )
        unbought, settled = set(), {}
        for line_ids, *where in rows:
            where = tuple(where)
            if where in settled:
                is_bought = settled[where]
            else:
                line = self.browse(line_ids[0])
                rule = line._get_buy_rule()
                is_bought = rule.action == "buy"
                # A rule of the orderpoint's own route at the place itself comes before all others.
                if (rule.route_id, rule.location_dest_id) == (
                    line.orderpoint_id.route_id,
                    line.location_id,
                ):
                    settled[where] = is_bought
            if not is_bought:
                unbought.update(line_ids)
        return unbought

    def _prepare_steps(self, digits):
        """Return for each unit that quantities of a product are rounded to what is whole in both.

        :param digits: decimals of a quantity
        """
        rows = self.env.execute_query(
            SQL(
                """
                WITH products AS (
                    SELECT DISTINCT product.product_tmpl_id, template.uom_id,
                           line.replenishment_uom_id
                      FROM vmi_agreement_line line
                      JOIN product_product product ON product.id = line.product_id
                      JOIN product_template template ON template.id = product.product_tmpl_id
                     WHERE line.id = ANY(%s)
                ),
                pairs AS (
                    SELECT replenishment_uom_id AS unit_id, uom_id FROM products
                     UNION
                    SELECT seller.product_uom_id, uom_id FROM products
                      JOIN product_supplierinfo seller
                        ON seller.product_tmpl_id = products.product_tmpl_id
                )
                SELECT unit.id, own.id, (unit.factor / own.factor)::double precision
                  FROM pairs
                  JOIN uom_uom unit ON unit.id = pairs.unit_id
                  JOIN uom_uom own ON own.id = pairs.uom_id
                 WHERE SPLIT_PART(unit.parent_path, '/', 1) = SPLIT_PART(own.parent_path, '/', 1)
                """,
                self.ids,
            )
        )
        return tuple((unit, own, whole_step(ratio, digits)) for unit, own, ratio in rows)

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
