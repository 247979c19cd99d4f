from datetime import timedelta

from odoo.addons.supply_partner_scorecard.tests.common import NOW, ScorecardCase


class SourcingCase(ScorecardCase):
    """A company that buys screws from Acme, as of noon of 16 March 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.env["vendor.sourcing.policy"].sudo()._of_company(cls.company)
        cls.other = cls.make_vendor("Bolt & Co")
        cls.category = cls.env["product.category"].sudo().create({"name": "Fasteners"})
        cls.screws.sudo().write({"categ_id": cls.category.id, "list_price": 5.0})

    def find_sources(self):
        self.policy._recalculate()

    def bought(self, product, quantity, vendor=None, price=2.0, moment="2026-02-01 08:00:00"):
        """Order and receive a quantity."""
        order = self.ordered(
            {"product_id": product.id, "product_qty": quantity, "price_unit": price},
            approved=moment,
            vendor=vendor,
        )
        self.received(order, moment.replace("08:00", "15:00"))
        return order

    def sold_daily(self, product, quantity, days=90):
        """Let a customer have a quantity on each of the days before today."""
        moves = (
            self.env["stock.move"]
            .sudo()
            .create(
                [
                    {
                        "product_id": product.id,
                        "product_uom_qty": quantity,
                        "product_uom": product.uom_id.id,
                        "location_id": self.stock.id,
                        "location_dest_id": self.customers.id,
                        "company_id": self.company.id,
                        # Kept apart by their day, they are done one by one.
                        "date": self.day(NOW) - timedelta(days=ago),
                    }
                    for ago in range(1, days + 1)
                ]
            )
        )
        moves._action_confirm(merge=False)
        for move in moves:
            move.quantity = quantity
        moves.picked = True
        moves._action_done()
        for ago, move in enumerate(moves, 1):
            move.date = self.day(NOW) - timedelta(days=ago)

    def qualify(self, vendor, product=None, **vals):
        qualification = self.env["vendor.qualification"].create(
            {
                "partner_id": vendor.id,
                "company_id": self.company.id,
                "categ_id": self.category.id,
                "product_id": product.id if product else False,
                **vals,
            }
        )
        qualification.action_start()
        qualification.action_qualify()
        return qualification

    def row(self, product=None):
        """Return what was found about a product."""
        return self.env["vendor.sourcing.product"].search(
            [
                ("product_id", "=", (product or self.screws).id),
                ("company_id", "=", self.company.id),
            ]
        )

    def source(self, vendor, product=None):
        """Return what was found about a vendor of a product."""
        return self.row(product).source_ids.filtered(lambda one: one.partner_id == vendor)
