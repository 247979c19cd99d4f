import base64

from odoo.addons.supply_partner_vendor.tests.common import VendorCase

HEAD = "Vendor Code,Price\n"


def encoded(text):
    return base64.b64encode(text.encode()).decode()


class PriceCase(VendorCase):
    """Acme and Bolt Works have uploaded a list each; a buyer imported one of either."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for product, code in ((cls.screws, "SC-1"), (cls.bolts, "HEX-77")):
            product.sudo().seller_ids.write({"product_code": code, "company_id": cls.company.id})
        cls.bolts.sudo().write({"barcode": "4006381333931", "default_code": "OURBOLT"})
        cls.own_prices, cls.prices_of_others = (
            cls.upload(user, f"{code},{price}\n")
            for user, code, price in ((cls.anna, "SC-1", 2.05), (cls.bert, "HEX-77", 990))
        )
        cls.imported = (
            cls.env["vendor.catalogue"]
            .sudo()
            ._receive(
                {
                    "source": "third_party",
                    "partner_id": cls.vendor.id,
                    "company_id": cls.company.id,
                    "currency_id": cls.company.currency_id.id,
                    "user_id": cls.buyer.id,
                },
                f"{HEAD}SC-1,1.11\n".encode(),
            )
        )
        cls.env.flush_all()

    @classmethod
    def upload(cls, user, lines, head=HEAD):
        service = cls.served(user)
        described = service.upload_price_list("prices.csv", encoded(head + lines))
        return cls.env["vendor.catalogue"].sudo().browse(described["price_list_id"])
