from odoo import api, fields, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

# What a new company starts with.
POLICY_NAME = _lt("Customer tiers of %s")
TIER_NAMES = {
    "vip": _lt("VIP"),
    "important": _lt("Important"),
    "ordinary": _lt("Ordinary"),
    "potential": _lt("Potential"),
}
TIERS = (
    {"code": "vip", "min_score": 80, "share": 0.1, "color": 10, "icon": "fa-star"},
    {"code": "important", "min_score": 65, "share": 0.2, "color": 4, "icon": "fa-diamond"},
    {"code": "ordinary", "min_score": 30, "share": 0.4, "color": 3, "icon": "fa-user"},
    {"code": "potential", "min_score": 0, "color": 0, "icon": "fa-leaf"},
)
# All four dimensions; a figure that a customer does not have is left out, so that a company with
# nothing but orders gets a ladder, too. Tuned with the thresholds on two public sets of purchases
# to 3 to 8 % VIP and 10 to 20 % Important.
CRITERIA = (
    {"metric": "revenue", "weight": 25},
    {"metric": "order_count", "weight": 10},
    {"metric": "recency_days", "weight": 30},
    # By years, to three: among ranks a day more than others would count as much as a year.
    {"metric": "tenure_days", "weight": 10, "scale": "linear", "floor": 0, "cap": 1095},
    {"metric": "quote_acceptance", "weight": 5},
    {"metric": "payment_delay_days", "weight": 10},
    {"metric": "growth", "weight": 10},
)


class CustomerTierPolicyDefaults(models.Model):
    """The policy that every root company has from the start."""

    _inherit = "customer.tier.policy"

    @api.model
    def _create_missing_default_policies(self):
        """Give every root company that never had a policy the default one."""
        policies = self.with_context(active_test=False).search([])
        companies = self.env["res.company"].search(
            [("parent_id", "=", False), ("id", "not in", policies.company_id.ids)]
        )
        created = self.with_context(lang="en_US").create(
            [self._prepare_default_policy_vals(company) for company in companies]
        )
        for policy in created:
            policy.prospect_tier_id = policy._get_ladder()[-1]
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        created._translate_default_names(languages)
        return created

    @api.model
    def _prepare_default_policy_vals(self, company):
        """Return the English values of a new company's policy; override for another default."""
        english = self.with_context(lang="en_US").env
        names = {code: english._(name) for code, name in TIER_NAMES.items()}
        return {
            "name": _name_in(english, POLICY_NAME, company.name),
            "company_id": company.id,
            "criterion_ids": [
                fields.Command.create(criterion) for criterion in self._get_default_criteria()
            ],
            "tier_ids": [
                fields.Command.create(
                    {**tier, "name": names[tier["code"]], "sequence": 10 * position}
                )
                for position, tier in enumerate(TIERS, 1)
            ],
        }

    @api.model
    def _get_default_criteria(self):
        """Return the criteria of a new company's policy; an add-on adds those it brings.

        :return: list of dicts of field values
        """
        return [dict(criterion) for criterion in CRITERIA]

    def _translate_default_names(self, languages):
        """Set the default names in languages where they have no name of their own yet.

        The records are made per company by code, so they have no external id by which
        the loading of translations would find them.

        :param languages: codes such as ``zh_CN``
        """
        for policy in self:
            _translate_name(policy, languages, POLICY_NAME, policy.company_id.name)
            for tier in policy.with_context(active_test=False).tier_ids:
                if tier.code in TIER_NAMES:
                    _translate_name(tier, languages, TIER_NAMES[tier.code])


def _translate_name(record, languages, source, *values):
    """Translate the record's name where it still is the default one."""
    english = record.with_context(lang="en_US")
    default = _name_in(english.env, source, *values)
    if english.name != default:
        return
    for language in set(languages) - {"en_US"}:
        translated = record.with_context(lang=language)
        if translated.name == default:
            translated.name = _name_in(translated.env, source, *values)


def _name_in(env, source, *values):
    name = env._(source)
    return name % values if values else name
