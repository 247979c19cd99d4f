from odoo import api, fields, models


class CustomerTier(models.Model):
    _inherit = "customer.tier"

    benefit_warning = fields.Text(compute="_compute_benefit_warning")

    @api.model_create_multi
    def create(self, vals_list):
        tiers = super().create(vals_list)
        tiers._reserve_pricelists()
        return tiers

    def write(self, vals):
        result = super().write(vals)
        if vals.get("pricelist_id"):
            self._reserve_pricelists()
        return result

    def _reserve_pricelists(self):
        """Keep pricelists that tiers take from being the default of everybody.

        Who edits tiers may do so without a role that edits pricelists. Those of another root
        company are left alone, because the tier does not use them, and so are those that a tier
        has already: somebody may have unset it, and copying a policy must change no price.
        """
        taken = (
            self.sudo()
            .with_context(active_test=False)
            ._read_group(
                [("pricelist_id", "in", self.pricelist_id.ids), ("id", "not in", self.ids)],
                ["pricelist_id"],
            )
        )
        taken = {pricelist for (pricelist,) in taken}
        for tier in self.sudo():
            pricelist = tier.pricelist_id
            applies = pricelist.company_id.root_id in (tier.company_id, self.env["res.company"])
            if pricelist and applies and pricelist not in taken and not pricelist.only_for_tiers:
                pricelist.only_for_tiers = True

    @api.onchange("pricelist_id")
    def _onchange_pricelist_id(self):
        """Hint that customers without a tier lose the pricelist."""
        pricelist = self.pricelist_id.with_company(self.company_id)
        if not pricelist or pricelist.only_for_tiers:
            return None
        if pricelist._get_country_pricelist_multi([])[False]._origin != pricelist._origin:
            return None
        return {
            "warning": {
                "title": self.env._("Everybody's pricelist"),
                "message": self.env._(
                    "Customers without a pricelist of their own get %s today. As a tier's "
                    "pricelist it becomes Only for Tiers: the others get the next one in the order "
                    "of pricelists, or sales prices. If they are to keep it, untick Only for Tiers "
                    "on the pricelist afterwards.",
                    pricelist.display_name,
                ),
            }
        }

    @api.depends(
        "company_id",
        "pricelist_id.active",
        "pricelist_id.company_id",
        "payment_term_id.active",
        "payment_term_id.company_id",
    )
    def _compute_benefit_warning(self):
        for tier in self:
            tier.benefit_warning = "\n".join(tier._get_benefit_warnings())

    def _get_benefit_warnings(self):
        """Return what does not reach the tier's customers, why, and the way out."""
        self.ensure_one()
        # Records of another company are named, too.
        tier = self.sudo()
        pricelist, terms, company = tier.pricelist_id, tier.payment_term_id, tier.company_id
        warnings = []
        if pricelist and not self.env["res.groups"]._is_feature_enabled(
            "product.group_product_pricelist"
        ):
            warnings.append(
                self.env._(
                    "Pricelist %s: no effect while pricelists are turned off. Turn on Pricelists "
                    "in the settings of Sales.",
                    pricelist.name,
                )
            )
        for label, benefit in (
            (self.env._("Pricelist"), pricelist),
            (self.env._("Payment terms"), terms),
        ):
            names = {"benefit": label, "name": benefit.name}
            if benefit and not benefit.active:
                warnings.append(
                    self.env._(
                        "%(benefit)s %(name)s: no effect while archived. Unarchive or choose "
                        "another.",
                        **names,
                    )
                )
            if benefit.company_id and benefit.company_id != company:
                warnings.append(
                    self.env._(
                        "%(benefit)s %(name)s: no effect, because of another company (%(other)s). "
                        "Choose one of %(company)s, or one without a company.",
                        **names,
                        other=benefit.company_id.name,
                        company=company.name,
                    )
                )
        if pricelist.company_id == company and company.child_ids:
            warnings.append(
                self.env._(
                    "Pricelist %(name)s: no effect in branches, because it belongs to %(company)s "
                    "alone. Empty its Company if branches are to use it.",
                    company=company.name,
                    name=pricelist.name,
                )
            )
        return warnings

    def _get_payment_term(self, company):
        """Return the tier's payment terms if documents of a company can have them."""
        terms = self.payment_term_id.filtered("active")
        return terms.filtered_domain(terms._check_company_domain(company))

    def _get_standing_discount(self, price, price_before, currency):
        """Return what is taken off a price: nothing where the pricelist made it cheaper already.

        :param price: what the pricelist asks for
        :param price_before: what it would ask for without its discount, in the same currency
        :return: a part of 1
        """
        return 0 if currency.compare_amounts(price, price_before) < 0 else self.discount

    def _gives_same_prices_as(self, other):
        """Return whether quotations are the same under both tiers, of which either may be none."""
        return all(
            self[name] == other[name] for name in ("pricelist_id", "payment_term_id", "discount")
        )
