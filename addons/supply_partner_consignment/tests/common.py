from datetime import timedelta

from odoo import fields
from odoo.addons.supply_partner.tests.common import VmiCase
from odoo.fields import Command
from odoo.tests import new_test_user


class ConsignmentCase(VmiCase):
    """A company with accounts, and Acme's screws on its shelf: 2.00 to the vendor, cost 10.00."""

    cost_method = "average"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls.env(su=True, user=1)
        cls.admin["account.chart.template"].try_loading("generic_coa", cls.company)
        # The chart brings its own.
        cls.company.sudo().currency_id = cls.env.ref("base.EUR")
        cls.category = cls.admin["product.category"].create({"name": "Valued"})
        valued = cls.category.with_company(cls.company)
        valued.property_cost_method = cls.cost_method
        valued.property_valuation = "real_time"
        cls.screws.sudo().categ_id = cls.category
        cls.screws.sudo().with_company(cls.company).standard_price = 10
        cls.accountant = new_test_user(
            cls.admin,
            "consignment accountant",
            "account.group_account_invoice,purchase.group_purchase_user",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.suppliers = cls.vendor.property_stock_supplier

    @classmethod
    def consign(cls, *lines, **vals):
        """Return a running consigned agreement; its screws by default."""
        return cls.make_agreement(
            *(lines or [(cls.screws, 60, 120)]), **{"ownership": "consigned", **vals}
        )

    def order_of(self, agreement, **vals):
        """Return the confirmed order of what a review proposes."""
        proposal = agreement.review()
        proposal.action_approve()
        order = proposal.purchase_order_ids
        order.sudo().write(vals)
        order.button_confirm()
        return order

    def stock_of(self, owner, product=None, place=None):
        """Return how much a vendor (or, False, the company) has there."""
        quants = self.admin["stock.quant"].search(
            [
                ("product_id", "=", (product or self.screws).id),
                ("location_id", "child_of", (place or self.stock).id),
                ("owner_id", "=", owner and owner.id),
            ]
        )
        return sum(quants.mapped("quantity"))

    def put_own(self, quantity, product=None, price=10.0):
        """Receive units of the company's own, worth a price each."""
        move = self.done(quantity, self.suppliers, self.stock, product=product)
        move.value_manual = price * quantity
        return move

    def done(self, quantity, origin, destination, owner=None, product=None, lot=None, **vals):
        """Return a done move; without owner it takes what a reservation gives."""
        product = product or self.screws
        move = self.admin["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": quantity,
                "product_uom": product.uom_id.id,
                "location_id": origin.id,
                "location_dest_id": destination.id,
                "company_id": self.company.id,
                **vals,
            }
        )
        move._action_confirm()
        move._action_assign()
        if owner is not None or lot or origin.usage != "internal":
            move.move_line_ids.unlink()
            self.admin["stock.move.line"].create(
                {
                    **move._prepare_move_line_vals(),
                    "quantity": quantity,
                    "owner_id": owner and owner.id,
                    "lot_id": lot and lot.id,
                }
            )
        else:
            move.quantity = quantity
        move.picked = True
        move._action_done()
        return move

    def sell(self, quantity, **vals):
        """Deliver units to a customer, from whoever's stock the reservation gives."""
        return self.done(quantity, self.stock, self.customers, **vals)

    def value(self, product=None):
        """Return what Odoo says the company's stock of a product is worth."""
        product = (product or self.screws).sudo().with_company(self.company)
        product.invalidate_recordset()
        return product.total_value

    def bring(self, quantity, product=None, lot=None, days=0):
        """Receive units that are the vendor's, some days ago."""
        move = self.done(
            quantity, self.suppliers, self.stock, self.vendor, product=product, lot=lot
        )
        return self.dated(move, days)

    def dated(self, move, days):
        """Let a done move have been done some days ago."""
        moment = fields.Datetime.now() - timedelta(days=days)
        move.date = moment
        return move

    def give_back(self, move, quantity, to_stock=None):
        """Return a part of a done move, as the wizard of transfers does: own units first."""
        back = self.admin["stock.move"].create(
            {
                "product_id": move.product_id.id,
                "product_uom_qty": quantity,
                "product_uom": move.product_uom.id,
                "location_id": move.location_dest_id.id,
                "location_dest_id": (to_stock or move.location_id).id,
                "company_id": self.company.id,
                "origin_returned_move_id": move.id,
                "move_orig_ids": [Command.link(move.id)],
                "procure_method": "make_to_order",
            }
        )
        back._action_confirm()
        back._action_assign()
        back.picked = True
        back._action_done()
        return back

    @property
    def ledger(self):
        return self.admin["vmi.consignment.entry"].with_company(self.company)

    def book(self):
        """Update the ledger; return its sums by reason."""
        self.ledger._book(self.company.sudo())
        return {
            reason: quantity
            for reason, quantity in self.ledger._read_group(
                [("company_id", "=", self.company.id)], ["reason"], ["quantity:sum"]
            )
            if quantity
        }

    def settle(self, days_ago=0, since=None):
        """Settle what was used up to some days ago.

        :param since: how many days ago the period began; by default with that day's month
        """
        today = self.company._vmi_today()
        date_to = today - timedelta(days=days_ago)
        date_from = date_to.replace(day=1) if since is None else today - timedelta(days=since)
        return self.env["vmi.consignment.settlement"]._settle(self.company, date_from, date_to)
