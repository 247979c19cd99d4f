from odoo import api, fields, models
from odoo.tools import SQL

# The measures of a vendor that stand beside a price, and what they are called there.
DELIVERY, QUALITY = "otif", "quality"
# The models whose tables the query reads.
READ_MODELS = (
    *("product.supplierinfo", "product.product", "product.template", "uom.uom"),
    *("res.partner", "res.currency.rate"),
)


class VendorOffer(models.Model):
    """One catalogue of all vendors: each price in force today, by unit of the product.

    Prices are in the company's currency. Nothing is stored: a row is a vendor's price and a
    product for which it holds.
    """

    _name = "vendor.offer"
    _description = "Vendor's Offer"
    _auto = False
    _order = "product_id, min_qty, good_price, id"
    _rec_name = "product_id"

    product_id = fields.Many2one("product.product", readonly=True)
    categ_id = fields.Many2one(
        "product.category", "Category", related="product_id.categ_id", readonly=True
    )
    barcode = fields.Char(related="product_id.barcode", readonly=True)
    default_code = fields.Char("Our Code", related="product_id.default_code", readonly=True)
    partner_id = fields.Many2one("res.partner", "Vendor", readonly=True)
    seller_id = fields.Many2one("product.supplierinfo", "Vendor Price", readonly=True)
    vendor_code = fields.Char(readonly=True)
    vendor_name = fields.Char("Vendor's Name for It", readonly=True)
    product_uom_id = fields.Many2one("uom.uom", "Unit", readonly=True)
    min_qty = fields.Float("From Quantity", digits="Product Unit", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    net_price = fields.Float("Price", min_display_digits="Product Price", readonly=True,
                             aggregator="min")  # fmt: skip
    landed_price = fields.Float(
        min_display_digits="Product Price",
        readonly=True,
        aggregator="min",
        help="The price less its discount, with duty and freight.",
    )
    good_price = fields.Float(
        "Per Good Unit",
        min_display_digits="Product Price",
        readonly=True,
        aggregator="min",
        help="The landed price divided by the share of units without defects.",
    )
    is_best = fields.Boolean(
        "Best",
        readonly=True,
        help="No vendor's good units come cheaper from this quantity or a smaller one.",
    )
    delay = fields.Integer("Lead Time", readonly=True, aggregator="min", help="In days.")
    otif = fields.Float(
        "On Time, in Full", readonly=True, aggregator="avg", help="Share of deliveries."
    )
    has_otif = fields.Boolean(readonly=True)
    defect_share = fields.Float(
        "Defects", readonly=True, aggregator="avg", help="Share of what was received."
    )
    has_defects = fields.Boolean(readonly=True)
    date_end = fields.Date("Until", readonly=True)

    @property
    def _table_query(self):
        company = self.env.company
        today = company._vmi_today()
        return SQL(
            """
            WITH rate AS (%(rates)s), measure AS (%(measures)s), offer AS (
                SELECT CASE WHEN seller.product_id IS NULL
                            THEN (product.id::bigint << 32) + seller.id
                            ELSE seller.id END AS id,
                       product.id AS product_id,
                       seller.partner_id,
                       seller.id AS seller_id,
                       seller.product_code AS vendor_code,
                       seller.product_name AS vendor_name,
                       template.uom_id AS product_uom_id,
                       seller.min_qty * bought.factor / counted.factor AS min_qty,
                       %(currency)s AS currency_id,
                       %(net)s AS net_price,
                       %(net)s * (1 + COALESCE(seller.duty_rate, 0) / 100)
                           + COALESCE(seller.freight_cost, 0) * %(factor)s AS landed_price,
                       seller.delay,
                       measure.otif,
                       measure.otif IS NOT NULL AS has_otif,
                       measure.defect_share,
                       measure.defect_share IS NOT NULL AS has_defects,
                       seller.date_end
                  FROM product_supplierinfo seller
                  JOIN product_template template ON template.id = seller.product_tmpl_id
                  JOIN product_product product ON product.product_tmpl_id = template.id
                   AND (seller.product_id IS NULL OR seller.product_id = product.id)
                  JOIN res_partner vendor ON vendor.id = seller.partner_id
                  JOIN uom_uom bought ON bought.id = seller.product_uom_id
                  JOIN uom_uom counted ON counted.id = template.uom_id
                  JOIN rate ON rate.currency_id = seller.currency_id
             LEFT JOIN measure ON measure.partner_id = COALESCE(
                       vendor.commercial_partner_id, vendor.id)
                 WHERE %(condition)s
            ), priced AS (
                SELECT offer.*,
                       -- Where nothing is good, a good unit is dearer than all others.
                       landed_price / GREATEST(1 - COALESCE(defect_share, 0), 0.01) AS good_price
                  FROM offer
            )
            SELECT priced.*,
                   good_price <= MIN(good_price) OVER (
                       PARTITION BY product_id ORDER BY min_qty
                       RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS is_best
              FROM priced
            """,
            rates=self._get_rates(company, today),
            measures=self._get_measures_table(company),
            currency=company.currency_id.id,
            net=SQL("seller.price * (1 - COALESCE(seller.discount, 0) / 100) * %s",
                    self._get_factor()),
            factor=self._get_factor(),
            condition=self._get_condition(company, today),
        )  # fmt: skip

    def _get_factor(self):
        """Return by what an amount per unit of a vendor's price is multiplied."""
        return SQL("rate.factor * counted.factor / bought.factor")

    def _get_condition(self, company, today):
        """Return which vendors' prices are offers; an add-on may leave out vendors."""
        return SQL(
            """
            (seller.company_id IS NULL OR seller.company_id = ANY(%(companies)s))
            AND (template.company_id IS NULL OR template.company_id = ANY(%(companies)s))
            AND (vendor.company_id IS NULL OR vendor.company_id = ANY(%(companies)s))
            AND (seller.date_start IS NULL OR seller.date_start <= %(today)s)
            AND (seller.date_end IS NULL OR seller.date_end >= %(today)s)
            AND seller.price > 0 AND vendor.active AND product.active AND template.active
            AND template.purchase_ok
            """,
            companies=company.sudo().parent_ids.ids,
            today=today,
        )

    def _get_rates(self, company, today):
        """Return the rows that convert a currency to the company's own."""
        currencies = self.env["res.currency"].sudo().with_context(active_test=False).search([])
        rates = currencies._get_rates(company, today)
        own = rates[company.currency_id.id]
        return SQL(
            "SELECT * FROM unnest(%s::integer[], %s::float8[]) AS rate(currency_id, factor)",
            list(rates),
            [own / rate for rate in rates.values()],
        )

    def _get_measures_table(self, company):
        """Return the rows that say how vendors deliver, where that is measured."""
        found = self._get_vendor_measures(company)
        return SQL(
            """
            SELECT * FROM unnest(%s::integer[], %s::float8[], %s::float8[])
                AS measure(partner_id, otif, defect_share)
            """,
            list(found),
            [measures.get(DELIVERY) for measures in found.values()],
            [measures.get(QUALITY) for measures in found.values()],
        )

    @api.model
    def _get_vendor_measures(self, company):
        """Return how vendors deliver; nothing, until an add-on that measures it is installed.

        :return: id of the commercial partner → ``otif`` (share of lines on time and in full) and
            ``quality`` (share of what was received that is defective), what is not known left out
        """
        return {}

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Leave out the columns of measures where nothing measures."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "list" and not self._has_measures():
            for name in ("otif", "defect_share"):
                for node in arch.iterfind(f".//field[@name='{name}']"):
                    node.set("column_invisible", "1")
        return arch, view

    @api.model
    def _has_measures(self):
        """Return whether an add-on measures how vendors deliver."""
        return False

    @api.model
    def _get_by_product(self, products):
        """Return the offers of products, the best first; one query for all.

        :return: dict of offers by product
        """
        for model in READ_MODELS:
            self.env[model].flush_model()
        offers = self.search([("product_id", "in", products.ids)], order="good_price, min_qty, id")
        # A price written since is not known to the cache.
        offers.invalidate_recordset()
        return offers.grouped("product_id")

    @api.model
    def _choose(self, offers, quantity):
        """Return the best offer at a quantity, below all breaks that of the least one.

        :param offers: of one product, the best first
        :param quantity: in the product's unit
        """
        reached = offers.filtered(lambda offer: offer.min_qty <= quantity + 1e-6)
        if reached:
            return reached[:1]
        return offers.sorted(lambda offer: (offer.min_qty, offer.good_price, offer.id))[:1]

    def action_open_price(self):
        """Show the vendor's price."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "product.supplierinfo",
            "res_id": self.seller_id.id,
            "views": [(False, "form")],
        }

    def action_add_to_cart(self):
        """Put the least quantity of each offer into the user's cart."""
        cart = self.env["vendor.cart"]._get_open()
        for offer in self:
            cart._add(offer.product_id, max(offer.min_qty, 1.0), offer.partner_id)
        return cart._tell_added(self.product_id)
