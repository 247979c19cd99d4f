"""The policy as plain values: what a run needs to know and nothing else."""

from dataclasses import dataclass, fields
from decimal import Decimal


@dataclass(frozen=True)
class CriterionRule:
    """How one metric earns points.

    :ivar metric: the metric's code
    :ivar scale: ``percentile``, ``linear`` or ``bands``
    :ivar zero_is_nothing: whether no or a negative figure earns nothing by rank
    :ivar bands: pairs (threshold, points); for the scale ``bands``
    :ivar missing: ``ignore`` leaves a missing figure out, ``zero`` gives it 0 points
    """

    metric: str
    dimension: str
    weight: float
    scale: str
    higher_is_better: bool = True
    zero_is_nothing: bool = False
    floor: float = 0.0
    cap: float = 0.0
    bands: tuple[tuple[float, float], ...] = ()
    missing: str = "ignore"


@dataclass(frozen=True)
class TierRule:
    """One tier, the lowest score that earns it, and its share of customers or revenue."""

    tier_id: int
    min_score: Decimal
    share: Decimal


@dataclass(frozen=True)
class MovementRule:
    """How slowly a customer goes down.

    :ivar has_thresholds: whether tiers are earned by score; shares know no tolerance
    :ivar tolerance: share of the held tier's threshold that is tolerated (0–1)
    :ivar grace_days: days between falling below the tolerance and the downgrade
    :ivar one_step: whether a downgrade goes one tier down at a time
    """

    has_thresholds: bool
    tolerance: Decimal
    grace_days: int
    one_step: bool


@dataclass(frozen=True)
class SegmentRule:
    """The numbers by which segments are told apart.

    :ivar abc_a_share: share of the revenue up to which customers are in class A (0–1)
    :ivar abc_b_share: share of the revenue up to which they are in class B (0–1)
    :ivar top_share: share of the customers who are the best, by revenue or by potential (0–1)
    :ivar lapsing_factor: multiple of a customer's rhythm after which it is lapsing
    :ivar lost_factor: multiple of a customer's rhythm after which it is lost
    :ivar at_risk_revenue_share: share of the revenue of the period before below which it is
        falling (0–1)
    """

    abc_a_share: Decimal
    abc_b_share: Decimal
    top_share: Decimal
    lapsing_factor: Decimal
    lost_factor: Decimal
    at_risk_revenue_share: Decimal


@dataclass(frozen=True)
class Rules:
    """A policy's rules, as a run needs them.

    :ivar criteria: in the policy's order
    :ivar method: ``score``, ``top_share`` or ``value_share``
    :ivar tiers: from best to worst
    :ivar segments: the numbers of the segments
    :ivar prospect_tier_id: the tier of those who never bought; None leaves them out
    """

    criteria: tuple[CriterionRule, ...]
    method: str
    tiers: tuple[TierRule, ...]
    movement: MovementRule
    segments: SegmentRule
    prospect_tier_id: int | None

    @classmethod
    def of(cls, policy, criteria, tiers):
        """Return the rules of a policy as they are now.

        :param policy: has the fields that the rules are made of, those of :class:`SegmentRule` by
            the same names
        :param criteria: its :class:`CriterionRule`
        :param tiers: its tiers from best to worst
        """
        return cls(
            criteria=tuple(criteria),
            method=policy.method,
            tiers=tuple(
                TierRule(tier._origin.id, _exact(tier.min_score), _exact(tier.share))
                for tier in tiers
            ),
            movement=MovementRule(
                has_thresholds=policy.method == "score",
                tolerance=_exact(policy.tolerance),
                grace_days=policy.grace_days,
                one_step=policy.one_step_downgrade,
            ),
            segments=SegmentRule(
                **{field.name: _exact(policy[field.name]) for field in fields(SegmentRule)}
            ),
            prospect_tier_id=policy.prospect_tier_id._origin.id or None,
        )


def _exact(number):
    """Return a float as what it is shown as: 0.05 rather than the binary fraction next to it."""
    return Decimal(str(number))
