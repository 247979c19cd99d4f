from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _get_consigned_cost(self):
        """Return what the vendors' part of consumed components costs, in the company's currency."""
        entries = self.env["vmi.consignment.entry"].sudo()
        cost = 0
        for company, moves in self.grouped("company_id").items():
            company = company.sudo()
            lines = moves.move_line_ids.filtered("owner_id")
            vendors = self.env["stock.quant"]._find_consigning(company, lines.owner_id).partner_id
            for line in lines.filtered(lambda line, vendors=vendors: line.owner_id in vendors):
                day = company._vmi_today()
                product = line.product_id.with_company(company)
                seller = entries.with_company(company)._get_seller(product, line.owner_id, day)
                if seller:
                    price = seller.price_discounted * line.quantity_product_uom
                    cost += seller.currency_id._convert(price, company.currency_id, company, day)
        return cost

    def _action_done(self, cancel_backorder=False):
        self._give_back_components()
        return super()._action_done(cancel_backorder=cancel_backorder)

    def _give_back_components(self):
        """Give back to each owner what an order consumed of that owner's stock.

        Odoo does so for the first unbuild of an order; the next ones begin anew.
        """
        quants = self.env["stock.quant"]
        for move in self:
            consumed = move.origin_returned_move_id
            if not (move.sudo().unbuild_id and consumed.sudo().raw_material_production_id):
                continue
            taken = consumed.move_line_ids
            if quants._find_consigning(move.company_id, taken.owner_id):
                for line in move.move_line_ids:
                    line._give_back_by_owner(taken)
