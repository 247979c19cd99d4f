"""What is said of an estimate, and of a customer by it, in the reader's language.

Each function takes ``env`` to translate and to format by, and plain figures.
"""

from odoo import fields
from odoo.addons.overview_page.tools.dates import format_full_day
from odoo.tools.misc import format_amount, formatLang

from .refusals import describe_refusal

# So many first orders in the first sixty days are more than chance.
MANY_EARLY = 0.5


def describe_fit(env, *, customers, day, months):
    """Return in a sentence what came of an estimate."""
    if not months:
        return False
    return env._(
        "Estimated by the orders up to %(day)s: what %(customers)s customers will order in the "
        "coming %(months)s months.",
        day=day,
        customers=_whole(env, customers),
        months=months,
    )


def describe_older(env, customers):
    """Return what is to be said of customers who were left out; nothing without any."""
    if not customers:
        return False
    if customers == 1:
        return env._(
            "1 customer bought before the first order that is known and is left out: when it "
            "began is not known."
        )
    return env._(
        "%s customers bought before the first order that is known and are left out: when they "
        "began is not known.",
        _whole(env, customers),
    )


def describe_early(env, share, known_since):
    """Return what is to be said where most customers begin with the history; else nothing."""
    if known_since or share <= MANY_EARLY:
        return False
    return env._(
        "%s of the customers placed their first known order within the first 60 days of all. If "
        "they bought before, set Orders Complete since on the policy: their figures are too low "
        "or too high otherwise.",
        _share(env, share),
    )


def describe_customer(env, *, days, first, span, silent, months, value_refusal, roughness):
    """Return what a customer's probability comes from.

    :param days: number of days with an order
    :param span: days from the first to the last
    :param silent: days since the last
    """
    if days > 1:
        known = env._(
            "Ordered on %(days)s days since %(first)s, on average every %(gap)s days; the last "
            "time %(silent)s days ago.",
            days=_whole(env, days),
            first=first,
            gap=_whole(env, span / (days - 1)),
            silent=_whole(env, silent),
        )
    else:
        known = env._("Ordered on one day, %s days ago.", _whole(env, silent))
    said = env._(
        "The figures are for the coming %s months, by how often and how long ago all customers "
        "ordered.",
        months,
    )
    return "\n".join(part for part in (known, said, value_refusal, roughness) if part)


def describe_holdout(env, found, currency):
    """Return what the report of a holdout shows, as texts.

    :param found: as ``engine.lifetimes.Lifetimes.hold_out`` returns it
    :return: dict with ``message`` where there is nothing to measure, else with ``sentence``,
        ``rows``, ``bars``, ``verdict`` and ``deciles``
    """
    cut, until = (format_full_day(env, fields.Date.to_date(found[key])) for key in ("cut", "until"))
    if refusal := found.get("refusal"):
        return {
            "message": env._(
                "By the orders up to %(day)s alone nothing could be foretold: %(why)s",
                day=cut,
                why=describe_refusal(env, refusal),
            )
        }
    if not found["customers"] or not found["captured"]:
        return {"message": env._("Nobody bought anything after %s, so nothing is compared.", cut)}
    orders, later = found["orders"]
    amount, later_amount = found["amount"]
    rows = [
        {
            "label": env._("Days with an order"),
            "expected": _whole(env, orders),
            "actual": _whole(env, later),
            "error": _error(env, orders, later),
        },
        {
            "label": env._("Revenue"),
            "expected": "–" if amount is None else _money(env, amount, currency),
            "actual": _money(env, later_amount, currency),
            "error": "–" if amount is None else _error(env, amount, later_amount),
        },
        {
            "label": env._("Customers who ordered"),
            "expected": "–",
            "actual": _share(env, found["ordered"]),
            "error": "",
        },
    ]
    return {
        "sentence": env._(
            "Estimated by the orders up to %(cut)s alone, for the %(customers)s customers known by "
            "then, and compared with what they ordered until %(until)s.",
            cut=cut,
            customers=_whole(env, found["customers"]),
            until=until,
        ),
        "rows": rows,
        "brier": env._(
            "Brier score of the probability %(brier)s; saying the same of everybody, %(base)s "
            "(less is better).",
            brier=formatLang(env, found["brier"], digits=3),
            base=formatLang(env, found["brier_base"], digits=3),
        ),
        **_describe_captured(env, found),
        "deciles": [
            {
                "place": place,
                "expected_orders": formatLang(env, expected, digits=1),
                "orders": _whole(env, actual),
                "expected": "–" if money is None else _money(env, money, currency),
                "actual": _money(env, actual_money, currency),
            }
            for place, (expected, actual, money, actual_money) in enumerate(found["deciles"], 1)
        ],
    }


def _describe_captured(env, found):
    """Return the bars of what the best tenth brought, and the verdict on last year's revenue."""
    captured = found["captured"]
    keys = ("model", "revenue", "best")
    labels = (
        env._("By this estimate"),
        env._("By last year's revenue"),
        env._("Best possible"),
    )
    styles = ("bg-primary", "bg-info", "bg-success")
    gain = round(100 * (captured["model"] - captured["revenue"]))
    if gain > 0:
        verdict = "success", env._("The estimate chose better than last year's revenue alone.")
    elif gain < 0:
        verdict = (
            "warning",
            env._("Last year's revenue alone would have chosen better than the estimate."),
        )
    else:
        verdict = "info", env._("The estimate chose as well as last year's revenue alone.")
    return {
        "choice": env._(
            "The best tenth of the customers, %s of them, brought this share of what all of them "
            "then bought:",
            _whole(env, found["top"]),
        ),
        "bars": [
            {
                "label": label,
                "text": _share(env, captured[key]),
                "width": 100 * captured[key],
                "style": style,
            }
            for key, label, style in zip(keys, labels, styles, strict=True)
        ],
        "verdict": verdict,
    }


def _error(env, expected, actual):
    if not actual:
        return "–"
    error = formatLang(env, 100 * (expected / actual - 1), digits=0, rounding_method="HALF-UP")
    sign = "+" if expected > actual and error != "0" else ""
    return f"{sign}{error}\N{NO-BREAK SPACE}%"


def _share(env, share):
    rounded = formatLang(env, 100 * share, digits=0, rounding_method="HALF-UP")
    return f"{rounded}\N{NO-BREAK SPACE}%"


def _money(env, amount, currency):
    return format_amount(env, round(amount), currency, trailing_zeroes=False)


def _whole(env, number):
    return formatLang(env, number, digits=0)
