from odoo import models
from odoo.tools import formatLang


class CustomerTier(models.Model):
    _inherit = "customer.tier"

    def _describe_to_customer(self):
        """Return what the tier gives, in words for its customers: a list of sentences.

        Pricelists are not named: their names are not written for customers. An add-on that gives
        a tier something more adds its sentence.
        """
        self.ensure_one()
        level = self.service_level_id
        hours = {
            name: formatLang(self.env, level[name], digits=0 if level[name] % 1 == 0 else 1)
            for name in ("response_hours", "resolution_hours")
        }
        sentences = []
        if self.discount:
            percent = formatLang(self.env, 100 * self.discount, digits=0)
            sentences.append(self.env._("%s %% discount on new quotations", percent))
        if self.pricelist_id:
            sentences.append(self.env._("Special prices"))
        if self.payment_term_id:
            sentences.append(self.env._("Payment terms: %s", self.payment_term_id.name))
        if level.response_hours:
            sentences.append(
                self.env._("An answer within %s working hours", hours["response_hours"])
            )
        if level.resolution_hours:
            sentences.append(
                self.env._("A solution within %s working hours", hours["resolution_hours"])
            )
        if level.delivery_priority == "1":
            sentences.append(self.env._("Deliveries with priority"))
        return sentences
