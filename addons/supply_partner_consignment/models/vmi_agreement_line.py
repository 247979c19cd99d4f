from odoo import fields, models
from odoo.tools import SQL


class VmiAgreementLine(models.Model):
    """A product of an agreement; one that is valued by lot cannot be consigned."""

    _inherit = "vmi.agreement.line"

    problem = fields.Selection(
        selection_add=[("lot_valuated", "Valued by lot: it cannot be consigned")],
        ondelete={"lot_valuated": "set null"},
    )

    def _iterate_hindrances(self, company, kinds):
        by_lot = self._get_lot_valuated_line_ids()
        for line_id, problem in super()._iterate_hindrances(company, kinds):
            if line_id not in by_lot:
                yield line_id, problem
        yield from ((line_id, "lot_valuated") for line_id in by_lot)

    def _get_lot_valuated_line_ids(self):
        """Return the ids of the lines whose product cannot be consigned."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id
                  FROM vmi_agreement_line line
                  JOIN vmi_agreement agreement ON agreement.id = line.agreement_id
                  JOIN product_product product ON product.id = line.product_id
                  JOIN product_template template ON template.id = product.product_tmpl_id
                 WHERE line.id = ANY(%s) AND agreement.ownership = 'consigned'
                   AND template.lot_valuated
                """,
                self._get_id_array(),
            )
        )
        return {line_id for (line_id,) in rows}

    def _describe_problem(self, problem):
        if problem == "lot_valuated":
            return self.env._(
                "it is valued by lot, and a delivery of own and consigned units together would be "
                "valued wrongly: turn Valuation by Lot off on the product, or make another "
                "agreement for it that is not consigned."
            )
        return super()._describe_problem(problem)

    def _get_moved_condition(self):
        """Leave out what was bought over: it stayed where it was."""
        return SQL("%s AND move.vmi_is_bought_over IS NOT TRUE", super()._get_moved_condition())

    def _get_receipt_condition(self):
        return SQL("(%s) AND move.vmi_is_bought_over IS NOT TRUE", super()._get_receipt_condition())
