"""The policy as plain values: what a run needs to know and nothing else."""

from dataclasses import dataclass
from decimal import Decimal

from odoo.tools import SQL

from .facts import Facts
from .scope import Scope


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
class LadderStep:
    """One tier, the lowest score that earns it, and its share of customers or revenue."""

    tier_id: int
    min_score: Decimal
    share: Decimal


@dataclass(frozen=True)
class MovementRule:
    """How slowly a customer goes down.

    :ivar has_thresholds: whether tiers are earned by score; shares know no margin
    :ivar tolerance: share of the held tier's threshold that is tolerated (0–1)
    :ivar grace_days: days between falling below the margin and the downgrade
    :ivar one_step: whether a downgrade goes one tier down at a time
    """

    has_thresholds: bool
    tolerance: Decimal
    grace_days: int
    one_step: bool


@dataclass(frozen=True)
class Rules:
    """A policy's rules, as a run needs them.

    :ivar criteria: in the policy's order
    :ivar method: ``score``, ``top_share`` or ``value_share``
    :ivar ladder: from best to worst
    :ivar prospect_tier_id: the tier of those who never bought; None leaves them out
    """

    criteria: tuple[CriterionRule, ...]
    method: str
    ladder: tuple[LadderStep, ...]
    movement: MovementRule
    prospect_tier_id: int | None


@dataclass(frozen=True)
class Run:
    """What a run goes by from its first statement to its last, whatever is edited meanwhile."""

    scope: Scope
    rules: Rules
    facts: Facts


def hold_tiers(cr, ladder):
    """Have whoever would alter the ladder's tiers wait until the transaction ends.

    :return: whether all of them are still there, and none was archived
    """
    tier_ids = [step.tier_id for step in ladder]
    cr.execute(
        SQL("SELECT id FROM customer_tier WHERE id = ANY(%s) AND active FOR SHARE", tier_ids)
    )
    return len(cr.fetchall()) == len(tier_ids)
