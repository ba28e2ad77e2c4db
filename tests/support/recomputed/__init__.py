"""The amount of a payout line computed again from what ``explain --json`` says of it, and from nothing else.

Belongs here: one function for each component type of the plan model, in plain fractions, rounded where the rules round.
Does not belong here: which lines are tried (``tests/integration/test_explained_lines.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from tests.support.recomputed.commission import collaboration, commission, draw, plan_cap
from tests.support.recomputed.rewards import adjustment, contribution, growth, points, process_bonus, task
from tests.support.recomputed.scorecard import scorecard
from tests.support.recomputed.values import Explained


def recomputed(explained: Explained) -> Decimal:
    """The amount of an explained line.

    Raises:
        KeyError: its component type is not covered.
    """
    return RECOMPUTE[explained["component"]["type"]](explained)


def roi(explained: Explained) -> Decimal:
    """Figures of an investment pay nobody: a line of it is an error."""
    raise AssertionError(f"a line of return on investment: {explained['line']}")


#: By the type of the plan model; `adjustment` has no plan.
RECOMPUTE: Mapping[str, Callable[[Explained], Decimal]] = {
    "commission": commission,
    "collaboration": collaboration,
    "points": points,
    "process_bonus": process_bonus,
    "task": task,
    "growth_bonus": growth,
    "team_growth": growth,
    "contribution": contribution,
    "plan_cap": plan_cap,
    "draw": draw,
    "scorecard": scorecard,
    "roi": roi,
    "adjustment": adjustment,
}
