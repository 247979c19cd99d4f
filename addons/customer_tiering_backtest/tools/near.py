"""Which customer scores are near a threshold, or in another tier than by their score."""

from odoo.fields import Domain


def sides_of(threshold, points):
    """Return the domains of the customer scores just below and just above a threshold.

    :param points: how far from the threshold is near: less than so many points
    """
    lowest, highest = round(threshold - points, 2), round(threshold + points, 2)
    return (
        Domain("score", ">", lowest) & Domain("score", "<", threshold),
        Domain("score", ">=", threshold) & Domain("score", "<", highest),
    )


def near_any(thresholds, points):
    """Return the domain of the customer scores near any of some thresholds."""
    return Domain.OR(side for threshold in thresholds for side in sides_of(threshold, points))


def above_score(tier_ids):
    """Return the domain of customers in a better tier than their score alone gives.

    :param tier_ids: the policy's tiers, best first
    """
    return Domain.OR(
        Domain("tier_id", "=", tier_id) & Domain("candidate_tier_id", "in", tier_ids[place:])
        for place, tier_id in enumerate(tier_ids[:-1], start=1)
    )


def below_score(tier_ids):
    """Return the domain of customers in a worse tier than their score alone gives."""
    return Domain.OR(
        Domain("tier_id", "=", tier_id) & Domain("candidate_tier_id", "in", tier_ids[:place])
        for place, tier_id in enumerate(tier_ids)
    )
