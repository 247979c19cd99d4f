from odoo.addons.supply_partner_consignment.tests.common import ConsignmentCase
from odoo.fields import Command


class ConsignmentPosCase(ConsignmentCase):
    """A shop with an open session beside the consigned shelf."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreement = cls.consign()
        cls.screws.sudo().write({"available_in_pos": True, "taxes_id": [Command.clear()]})
        cls.shop = cls.make_shop()

    @classmethod
    def make_shop(cls):
        env = cls.admin(context={**cls.env.context, "allowed_company_ids": cls.company.ids})
        journal = env["account.journal"].create(
            {"name": "Till", "type": "cash", "code": "TILL", "company_id": cls.company.id}
        )
        method = env["pos.payment.method"].create(
            {"name": "Till", "journal_id": journal.id, "company_id": cls.company.id}
        )
        shop = env["pos.config"].create(
            {
                "name": "Shop",
                "company_id": cls.company.id,
                "payment_method_ids": [Command.set(method.ids)],
            }
        )
        shop.open_ui()
        return shop

    def sell_at_the_till(self, quantity, lot=None, product=None):
        """Return a paid order of one line."""
        product = (product or self.screws).with_env(self.shop.env)
        order = self.shop.env["pos.order"].create(
            {
                "session_id": self.shop.current_session_id.id,
                "company_id": self.company.id,
                "amount_total": 20 * quantity,
                "amount_tax": 0,
                "amount_paid": 0,
                "amount_return": 0,
                "lines": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "qty": quantity,
                            "price_unit": 20,
                            "price_subtotal": 20 * quantity,
                            "price_subtotal_incl": 20 * quantity,
                            "tax_ids": [Command.clear()],
                            "pack_lot_ids": [Command.create({"lot_name": lot.name})] if lot else [],
                        }
                    )
                ],
            }
        )
        self.pay(order)
        return order

    def pay(self, order):
        order.add_payment(
            {
                "pos_order_id": order.id,
                "payment_method_id": order.config_id.payment_method_ids[:1].id,
                "amount": order.amount_total,
            }
        )
        order._process_saved_order(False)

    def refund(self, order, quantity):
        """Take a part of an order back at the till."""
        refund = order._refund()
        refund.lines.qty = -quantity
        refund.lines._onchange_amount_line_all()
        refund._compute_prices()
        for lots, sold in zip(refund.lines, order.lines, strict=True):
            if sold.pack_lot_ids and not lots.pack_lot_ids:
                lots.pack_lot_ids = [Command.create({"lot_name": sold.pack_lot_ids[0].lot_name})]
        self.pay(refund)
        return refund
