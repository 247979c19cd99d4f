from odoo.fields import Command

from .common import TieringCase


class PricingCase(TieringCase):
    """Pricelists turned on, one for VIP customers and one that anybody gets by default."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.turn_on("product.group_product_pricelist")
        cls.product.list_price = 100
        cls.env["product.pricelist"].search([]).active = False
        cls.standard = cls.make_prices("Standard", sequence=5)
        # By Odoo's order it would be the first choice for everybody.
        cls.vip_prices = cls.make_prices("VIP", sequence=1, percent=20)
        cls.vip.pricelist_id = cls.vip_prices
        cls.acme, cls.newcomer = map(cls.make_customer, ("Acme", "Newcomer"))
        cls.buyer = cls.env["res.partner"].create({"name": "Buyer", "parent_id": cls.acme.id})
        cls.place(cls.acme, cls.vip)

    @classmethod
    def turn_on(cls, feature):
        cls.env.ref("base.group_user")._apply_group(cls.env.ref(feature))

    @classmethod
    def turn_off(cls, feature):
        cls.env.ref("base.group_user")._remove_group(cls.env.ref(feature))

    @classmethod
    def make_prices(cls, name, percent=0, company=None, **vals):
        """Return a pricelist of the company (False: of all) with a percentage off everything."""
        company_id = cls.company.id if company is None else company and company.id
        rule = {"compute_price": "percentage", "percent_price": percent}
        return cls.env["product.pricelist"].create(
            {
                "name": name,
                "company_id": company_id,
                "currency_id": cls.company.currency_id.id,
                "item_ids": [Command.create(rule)] if percent else [],
                **vals,
            }
        )

    @classmethod
    def place(cls, partner, tier, company=None):
        """Put a customer into a tier, or out of all (False), as an evaluation does."""
        company = company or cls.company
        standings = cls.env["customer.standing"].sudo()
        standing = standings.search(
            [("partner_id", "=", partner.id), ("company_id", "=", company.id)]
        )
        vals = {"tier_id": tier and tier.id}
        if standing:
            standing.write(vals)
        else:
            standings.create({"partner_id": partner.id, "company_id": company.id, **vals})
        cls.env.invalidate_all()

    def quote(self, partner, user=None, company=None, **vals):
        """Return a new quotation for one piece of advice at 100."""
        company = company or self.company
        orders = self.env["sale.order"].with_context(allowed_company_ids=company.ids)
        return orders.with_user(user or self.env.user).create(
            {
                "partner_id": partner.id,
                "company_id": company.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "product_uom_qty": 1,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
                **vals,
            }
        )

    def pricelist_of(self, partner, company=None):
        partner.invalidate_recordset()
        return partner.with_company(company or self.company).property_product_pricelist
