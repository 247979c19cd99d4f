"""Why nothing is said, or no value, in the reader's language.

Each function takes ``env`` to translate and to format by, and the refusal with its figures.
"""

from odoo.tools.misc import formatLang

# How often somebody orders must have nothing to do with how much is spent each time: so far the
# correlation of the two may go.
REFUSED_CORRELATION = 0.3
# What is recommended, whatever an administrator settles for.
RECOMMENDED_CUSTOMERS = 500
RECOMMENDED_DAYS = 180


def describe_refusal(env, refusal):
    """Return why there are no probabilities; nothing without a refusal."""
    if not refusal:
        return False
    code = refusal["code"]
    if code == "few_customers":
        return env._(
            "There are %(customers)s customers with an order, and at least %(minimum)s are needed: "
            "from fewer, nothing can be estimated. It begins by itself once there are enough.",
            customers=_whole(env, refusal["customers"]),
            minimum=_whole(env, refusal["minimum"]),
        )
    if code == "older_customers":
        return env._(
            "%(older)s customers bought before the first order that is known, so when they began "
            "is not known. Without them there are %(customers)s customers, and at least "
            "%(minimum)s are needed. Import their earlier orders.",
            older=_whole(env, refusal["older"]),
            customers=_whole(env, refusal["customers"]),
            minimum=_whole(env, refusal["minimum"]),
        )
    if code == "short_history":
        return env._(
            "Orders go back %(days)s days, and at least %(minimum)s are needed: in less time "
            "nobody can be seen to have left. It begins by itself once orders go back far enough.",
            days=_whole(env, refusal["days"]),
            minimum=_whole(env, refusal["minimum"]),
        )
    if code == "nobody_leaves":
        return env._(
            "Nobody seems to leave: all customers go on ordering at their own pace, so the "
            "probability would be the same for all. Customer Tiers → To Do → At Risk tells who "
            "orders less often."
        )
    return env._(
        "No pattern fits the orders of these customers: too few ordered more than once, or all "
        "ordered alike."
    )


def describe_value_refusal(env, refusal):
    """Return why there is no value, though there are probabilities; nothing without a refusal."""
    if not refusal:
        return False
    code = refusal["code"]
    if code == "correlation":
        return env._(
            "How often customers order goes together with how much they spend each time "
            "(correlation %(correlation)s; at most %(most)s either way). The model of amounts "
            "assumes that it does not, so its values would be wrong. Expected orders and "
            "probabilities are not affected.",
            correlation=formatLang(env, refusal["correlation"], digits=2),
            most=formatLang(env, REFUSED_CORRELATION, digits=1),
        )
    if code == "no_mean":
        return env._(
            "What customers spend differs so much (q = %s, and more than 1 is needed) that it has "
            "no mean, so no value can be estimated. Expected orders and probabilities are not "
            "affected.",
            formatLang(env, refusal["q"], digits=2),
        )
    return env._(
        "Too few customers bought again for an amount to tell what they spend. Expected orders and "
        "probabilities are not affected."
    )


def describe_roughness(env, customers, days):
    """Return what is to be said of a fit of fewer customers or days than recommended."""
    if customers < RECOMMENDED_CUSTOMERS:
        return env._(
            "Rough figures: they come from %(customers)s customers, fewer than the recommended "
            "%(minimum)s. An administrator lowered the minimum.",
            customers=_whole(env, customers),
            minimum=_whole(env, RECOMMENDED_CUSTOMERS),
        )
    if days < RECOMMENDED_DAYS:
        return env._(
            "Rough figures: orders go back %(days)s days, fewer than the recommended %(minimum)s. "
            "An administrator lowered the minimum.",
            days=_whole(env, days),
            minimum=_whole(env, RECOMMENDED_DAYS),
        )
    return False


def _whole(env, number):
    return formatLang(env, number, digits=0)
