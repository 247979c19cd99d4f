from odoo.tests import Form

from .common import VmiCase


class TestCompanies(VmiCase):
    """Two companies with different lead days, each reviewed as itself."""

    def test_each_company_counts_with_its_own_lead_days(self):
        south = self.make_company("Southwind")
        south.sudo().days_to_purchase = 10
        buyer = self.make_buyer("vmi south", south)
        warehouse = self.warehouse_of(south).sudo()
        supplier = self.env.ref("stock.stock_location_suppliers")
        # Due in eight days: beyond three lead days here, within thirteen there.
        for place, company in ((self.stock, self.company), (warehouse.lot_stock_id, south)):
            move = self.move(self.screws, 50, supplier, self.stock, days=8)
            move.write({"location_dest_id": place.id, "location_final_id": place.id})
            self.env.cr.execute(
                "UPDATE stock_move SET company_id = %s WHERE id = %s", (company.id, move.id)
            )
        self.env.invalidate_all()
        here = self.make_agreement((self.screws, 60, 120))
        there = (
            self.env["vmi.agreement"]
            .with_user(buyer)
            .with_context(allowed_company_ids=south.ids)
            .create(
                {
                    "partner_id": self.vendor.id,
                    "company_id": south.id,
                    "user_id": buyer.id,
                    "line_ids": [
                        (0, 0, {"product_id": self.screws.id, "min_qty": 60, "max_qty": 120})
                    ],
                }
            )
        )
        there.action_start()
        root = self.env["vmi.agreement"].with_user(1).with_context(
            allowed_company_ids=(self.company + south).ids
        )  # fmt: skip
        proposals = root.browse((here + there).ids).review()
        self.assertEqual(
            {p.company_id.name: p.line_ids.suggested_qty for p in proposals},
            {"Northwind": 120, "Southwind": 70},
        )
        for proposal in proposals:
            proposal.action_approve()
        for proposal in proposals:
            order = proposal.purchase_order_ids
            self.assertEqual(order.company_id, proposal.company_id)
            self.assertEqual(order.picking_type_id.warehouse_id.company_id, proposal.company_id)

    def test_the_form_fills_in_the_place_and_the_currency(self):
        form = Form(self.env["vmi.agreement"])
        form.partner_id = self.vendor
        agreement = form.save()
        self.assertEqual(agreement.location_id, self.stock)
        self.assertEqual(agreement.currency_id, self.company.currency_id)
