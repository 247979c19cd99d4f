from odoo.addons.supply_partner.tests.common import VmiCase
from odoo.fields import Command


class CatalogueCase(VmiCase):
    """Acme sells screws and nails, Bolt Works sells screws too; two buyers work at Northwind.

    All prices are Northwind's own. ``cls.env`` is the buyer's, who imports; ``second`` approves.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls.make_buyer("second buyer", cls.company)
        cls.bolt_works = cls.make_vendor("Bolt Works")
        own = {"company_id": cls.company.id}
        cls.screws.sudo().seller_ids.write({**own, "product_code": "SC-1", "price": 10.0})
        cls.screws.sudo().write({"barcode": "4006381333931", "default_code": "SCREW"})
        cls.nails = cls.make_product("Nails", cls.vendor, 4.0, product_code="NA-1", **own)
        cls.nails.sudo().default_code = "NAIL"
        cls.washers = cls.make_product("Washers")
        cls.washers.sudo().default_code = "WASH"
        cls.today = cls.company._vmi_today()

    @classmethod
    def receive(cls, content, user=None, **vals):
        """Return the list of a file, given as text or bytes, imported by a buyer."""
        if isinstance(content, str):
            content = content.encode()
        user = user or cls.buyer
        catalogues = cls.env(user=user.id)["vendor.catalogue"].sudo()
        catalogue = catalogues._receive(
            {
                "source": "buyer",
                "partner_id": cls.vendor.id,
                "company_id": cls.company.id,
                "currency_id": cls.company.currency_id.id,
                "user_id": user.id,
                **vals,
            },
            content,
        )
        return catalogue.with_env(cls.env(user=user.id))

    @classmethod
    def row(cls, catalogue, number=2):
        return catalogue.row_ids.filtered(lambda row: row.number == number)

    @classmethod
    def prices_of(cls, product, vendor=None):
        """Return a vendor's prices of a product that are not over, in Odoo's order."""
        sellers = product.sudo().seller_ids.filtered(
            lambda seller: (
                seller.partner_id == (vendor or cls.vendor)
                and not (seller.date_end and seller.date_end < cls.today)
            )
        )
        return sellers.sorted("id")

    @classmethod
    def make_dozen(cls):
        unit = cls.env.ref("uom.product_uom_unit")
        uoms = cls.env["uom.uom"].sudo()
        return uoms.create({"name": "Box of 12", "relative_factor": 12, "relative_uom_id": unit.id})

    @classmethod
    def activate(cls, code, rate):
        """Return a currency with a rate of the company, in units for one of its own."""
        currency = cls.env.ref(f"base.{code}").sudo()
        currency.active = True
        currency.rate_ids.filtered(lambda one: one.company_id == cls.company).unlink()
        currency.rate_ids = [
            Command.create({"name": "2020-01-01", "rate": rate, "company_id": cls.company.id})
        ]
        return currency
