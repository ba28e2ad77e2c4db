"""What was missing for more pay, and the tiers reached (rulebook 13): fct_counterfactuals and fct_tiers.

Belongs here: putting the marts together. Does not belong here: their rows (``reports_counterfactuals``,
``reports_growth``).
"""

from __future__ import annotations

from typing import Any

from tests.reference.calculate import Marts
from tests.reference.growth import Growths
from tests.reference.measures import Measures
from tests.reference.parts import all_parts
from tests.reference.process_bonus import ProcessMonths
from tests.reference.reports_counterfactuals import missing_process, missing_reasons, next_tiers, tier_rows
from tests.reference.reports_growth import next_steps
from tests.reference.world import World

COLUMNS = ("employee_id", "period", "kind", "plan_id", "component_id", "gap", "money_gain")


def counterfactuals(world: World, marts: Marts) -> list[dict[str, Any]]:
    """Suggestions from commission, growth and the process bonus.

    Args:
        world: the company.
        marts: its marts of pay.
    """
    lines, parts = marts["fct_payout_lines"], all_parts(world)
    growths = Growths(world, Measures(world, parts), [])
    return [
        *next_tiers(world, parts),
        *next_steps(world, growths, lines),
        *missing_process(ProcessMonths(world), lines),
        *missing_reasons(marts["fct_transfers"], lines),
    ]


def with_counterfactuals(world: World, marts: Marts) -> Marts:
    """The marts of pay with what was missing for more of it."""
    rows = [{name: row[name] for name in COLUMNS} for row in counterfactuals(world, marts)]
    return marts | {"fct_counterfactuals": rows, "fct_tiers": list(tier_rows(world, all_parts(world)))}
