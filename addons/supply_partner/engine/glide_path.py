"""The glide path: stock is lowered step by step for as long as the fill rate holds.

Pure functions, without a database; who calls them knows what was served.
"""

from dataclasses import dataclass, field
from math import ceil, exp, floor, lgamma, log, sqrt
from statistics import NormalDist

# Chance that the target was kept although so few were served, below which it is not believed.
DOUBT, ALARM = 0.05, 0.001
# A loss of so many points is to be seen with this chance.
VISIBLE_LOSS, POWER = 0.05, 0.8
# A cycle that saw too little goes on, but for no more than so many times its length.
LONGEST_CYCLE = 4
STEPS_BACK = 2
# Whole cycles after a step back in which nothing is lowered.
PAUSE_CYCLES = 2


@dataclass(frozen=True)
class GlideTerms:
    """What was agreed.

    :ivar cycle_days: over how many days what was served is looked at
    :ivar wait_days: lead time and time between reviews, until a change has reached the shelf
    :ivar step: the share of the starting maximum by which each step lowers it
    :ivar floor: the share of it that is never gone below
    :ivar target: the fill rate that has to hold
    """

    cycle_days: int
    wait_days: int
    step: float
    floor: float
    target: float


@dataclass(frozen=True)
class GlideState:
    """How far down the path it is.

    :ivar step: how many steps below the starting maximum
    :ivar failed: steps at which the target was missed before
    :ivar calm_cycles: whole cycles since the last step back; None: there was none
    :ivar stepped_back: whether the cycle before ended in a step back
    """

    step: int = 0
    failed: frozenset = field(default_factory=frozenset)
    calm_cycles: int | None = None
    stepped_back: bool = False


@dataclass(frozen=True)
class GlideCycle:
    """What was seen since the cycle began.

    :ivar days: whole days that were judged
    :ivar units: products times days with demand
    :ivar good_units: those on which all that was wanted was served
    :ivar wanted: quantity
    :ivar served: of it, on the day
    """

    days: int
    units: int
    good_units: int
    wanted: float
    served: float


@dataclass(frozen=True)
class GlideDecision:
    """What follows.

    :ivar action: run (the cycle goes on), step, hold, back or halt
    :ivar step: the step from now on
    :ivar reason: a code of ``vmi.glide.cycle``
    :ivar chance: that the target is kept and so few units were good all the same
    """

    action: str
    step: int
    reason: str
    chance: float


def share_at(step, terms):
    """Return the share of the starting maximum at a step."""
    return max(1 - terms.step * step, terms.floor)


def last_step(terms):
    """Return the last step that is not below the floor."""
    return floor((1 - terms.floor) / terms.step + 1e-9)


def at_most(good, units, chance):
    """Return the chance of no more than so many good ones, each good with the same chance.

    The exact binomial distribution, summed from its largest terms down.
    """
    if good >= units:
        return 1.0
    if good < 0:
        return 0.0
    if chance >= 1:
        return 0.0
    if chance <= 0:
        return 1.0
    above = good + 1 > units * chance
    # The shorter tail has no term that is larger than the one at its inner end.
    term = good + 1 if above else good
    value = exp(
        lgamma(units + 1)
        - lgamma(term + 1)
        - lgamma(units - term + 1)
        + term * log(chance)
        + (units - term) * log(1 - chance)
    )
    odds = chance / (1 - chance)
    total = 0.0
    while 0 <= term <= units and value > 0:
        total += value
        if value < total * 1e-17:
            break
        if above:
            value *= (units - term) / (term + 1) * odds
            term += 1
        else:
            value *= term / (units - term + 1) / odds
            term -= 1
    return max(0.0, 1 - total) if above else min(1.0, total)


def least_units(target):
    """Return of how many units a loss of 5 points is seen with a chance of 80 % at 5 %.

    By the usual formula for one share against another, of the normal distribution.
    """
    worse = target - VISIBLE_LOSS
    quantile = NormalDist().inv_cdf
    spread = quantile(1 - DOUBT) * sqrt(target * (1 - target))
    spread += quantile(POWER) * sqrt(worse * (1 - worse))
    return ceil((spread / VISIBLE_LOSS) ** 2)


def decide(terms, state, cycle):
    """Return what follows from what a cycle saw so far: asked every night.

    :param terms: the :class:`GlideTerms`
    :param state: the :class:`GlideState` in which the cycle began
    :param cycle: the :class:`GlideCycle`
    :return: the :class:`GlideDecision`
    """
    chance = at_most(cycle.good_units, cycle.units, terms.target)
    is_below = cycle.wanted > 0 and cycle.served < terms.target * cycle.wanted - 1e-9

    def so(action, reason, step=state.step):
        return GlideDecision(action, step, reason, chance)

    is_enough = cycle.units >= least_units(terms.target)
    if is_enough and is_below and chance < ALARM and state.step:
        return so("halt", "alarm", 0)
    length = max(terms.cycle_days, terms.wait_days)
    if cycle.days < length or not is_enough:
        if cycle.days < LONGEST_CYCLE * length:
            return so("run", "running")
        return so("hold", "few")
    if not is_below:
        return _go_down(terms, state, so)
    if not state.step:
        return so("hold", "low")
    if chance >= DOUBT:
        return so("hold", "chance")
    if state.stepped_back:
        return so("halt", "second", 0)
    return so("back", "missed", max(state.step - STEPS_BACK, 0))


def _go_down(terms, state, so):
    following = state.step + 1
    if following > last_step(terms):
        return so("hold", "floor")
    if state.calm_cycles is not None and state.calm_cycles < PAUSE_CYCLES:
        return so("hold", "pause")
    if any(step <= following for step in state.failed):
        return so("hold", "failed")
    return so("step", "kept", following)


def follow(state, decision):
    """Return the state in which the next cycle begins, after one that has ended."""
    if decision.action in ("back", "halt"):
        return GlideState(decision.step, state.failed | {state.step}, 0, True)
    calm = None if state.calm_cycles is None else state.calm_cycles + 1
    return GlideState(decision.step, state.failed, calm, False)
