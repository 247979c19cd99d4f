"""What is wrong with a policy's tiers and criteria, in words.

Each function returns a translatable text, or None where nothing is wrong. Tiers come from best
to worst and have ``name``, ``sequence``, ``min_score`` and ``share``.
"""

from itertools import pairwise

from odoo.tools import float_compare
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


def rank_fault(policy_name, tiers):
    """Return of which two tiers nobody could say which is the better one."""
    for better, worse in pairwise(tiers):
        if better.sequence == worse.sequence:
            return _lt(
                "%(better)s and %(worse)s of policy %(policy)s have the same Rank, %(rank)s: give "
                "each tier its own, or drag the tiers into their order on the form of the policy.",
                better=better.name,
                worse=worse.name,
                policy=policy_name,
                rank=better.sequence,
            )
    return None


def threshold_fault(policy_name, tiers):
    """Return which tier asks for no higher score than the one below it."""
    for better, worse in pairwise(tiers):
        if better.min_score == worse.min_score:
            return _lt(
                "%(better)s and %(worse)s of policy %(policy)s have the same threshold, "
                "%(score)s: change From Score of one of them.",
                better=better.name,
                worse=worse.name,
                policy=policy_name,
                score=f"{worse.min_score:g}",
            )
        if better.min_score < worse.min_score:
            return _lt(
                "%(better)s stands above %(worse)s in policy %(policy)s and must ask for more: "
                "its From Score is %(low)s, that of %(worse)s %(high)s. Change one of them, or "
                "the order of the tiers.",
                better=better.name,
                worse=worse.name,
                policy=policy_name,
                low=f"{better.min_score:g}",
                high=f"{worse.min_score:g}",
            )
    return None


def share_fault(policy_name, tiers):
    """Return which tier has no share, or that the shares add up to more than everything."""
    for tier in tiers[:-1]:
        if not tier.share:
            return _lt(
                "%(tier)s of policy %(policy)s gets no share: set its Share above 0 %%.",
                tier=tier.name,
                policy=policy_name,
            )
    total = sum(tier.share for tier in tiers[:-1])
    if float_compare(total, 1, precision_digits=4) > 0:
        return _lt(
            "The shares of policy %(policy)s add up to %(total)s %%: lower the Share of a tier, "
            "so that they are 100 %% at most.",
            policy=policy_name,
            total=f"{100 * total:g}",
        )
    return None


def weight_fault(policy_name, weights):
    """Return that no criterion counts, where there are any.

    :param weights: of the criteria
    """
    if weights and not sum(weights):
        return _lt(
            "The weights of policy %s add up to 0: give at least one criterion a Weight above 0.",
            policy_name,
        )
    return None


def rules_fault(policy_name, tiers, saved_tiers, weights, unavailable):
    """Return why nobody can be ranked by a policy's rules.

    :param saved_tiers: those of the tiers that the database has
    :param weights: of the criteria whose metric is there
    :param unavailable: the metrics of the others, in words
    """
    if len(saved_tiers) < len(tiers):
        return _lt("Policy %s has a tier that is not saved yet: save it first.", policy_name)
    if not tiers:
        return _lt("Policy %s has no Tiers: add at least one.", policy_name)
    if sum(weights):
        return None
    if unavailable:
        return _lt(
            "Policy %(policy)s has no criteria left that can be judged by. Not available any "
            "more: %(metrics)s. Install the add-ons that bring them, or add another criterion "
            "with a Weight above 0.",
            policy=policy_name,
            metrics=unavailable,
        )
    return _lt("Policy %s has no criteria with a Weight above 0: add at least one.", policy_name)


def base_fault(company_name, customers, minimum_customers, days, minimum_days):
    """Return what a first run lacks for meaningful tiers.

    :param days: how many the company's documents go back
    """
    if customers < minimum_customers:
        return _lt(
            "Nobody was placed: %(company)s has %(count)s customers, and the policy asks for "
            "%(minimum)s. Wait for more, or lower Minimum Customers.",
            company=company_name,
            count=customers,
            minimum=minimum_customers,
        )
    if days < minimum_days:
        return _lt(
            "Nobody was placed: the orders and invoices of %(company)s go back %(days)s days, "
            "and the policy asks for %(minimum)s. Wait, or lower Minimum History.",
            company=company_name,
            days=days,
            minimum=minimum_days,
        )
    return None
