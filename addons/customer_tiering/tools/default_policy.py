"""What a new company starts with: the names, tiers and criteria of its policy."""

from odoo.fields import Command
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

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
# nothing but orders gets tiers, too. Tuned with the thresholds on two public sets of purchases
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


def policy_vals(env, company, criteria):
    """Return the values of a company's policy, its names in the language of ``env``.

    :param criteria: values of its criteria
    """
    return {
        "name": _name_in(env, POLICY_NAME, company.name),
        "company_id": company.id,
        "criterion_ids": [Command.create(criterion) for criterion in criteria],
        "tier_ids": [
            Command.create(
                {
                    **tier,
                    "name": _name_in(env, TIER_NAMES[tier["code"]]),
                    "sequence": 10 * position,
                }
            )
            for position, tier in enumerate(TIERS, 1)
        ],
    }


def translate_names(policy, languages):
    """Name a policy and its tiers in languages where they still have their default names.

    :param languages: codes such as ``zh_CN``
    """
    _translate_name(policy, languages, POLICY_NAME, policy.company_id.name)
    for tier in policy.tier_ids:
        if tier.code in TIER_NAMES:
            _translate_name(tier, languages, TIER_NAMES[tier.code])


def _name_in(env, source, *values):
    name = env._(source)
    return name % values if values else name


def _translate_name(record, languages, source, *values):
    english = record.with_context(lang="en_US")
    default = _name_in(english.env, source, *values)
    if english.name != default:
        return
    for language in set(languages) - {"en_US"}:
        translated = record.with_context(lang=language)
        if translated.name == default:
            translated.name = _name_in(translated.env, source, *values)
