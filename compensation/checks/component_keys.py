"""What a component pays, as keys: two components with one key would pay the same thing twice.

Belongs here: the one definition of "the same component" for checks inside and between plans.
"""

from __future__ import annotations

from compensation.model.commission import Commission, PlanCap
from compensation.model.plan import AnyComponent
from compensation.model.rewards import GrowthBonus, TeamGrowth

Key = tuple[str, ...]


def keys_of(component: AnyComponent) -> list[Key]:
    """Keys of what a component pays.

    A commission has a key for each deal source of its pool, growth components one for their
    measure; of every other type an employee has at most one.
    """
    if isinstance(component, Commission):
        return [("commission", component.pool, source) for source in component.paid_sources]
    if isinstance(component, (GrowthBonus, TeamGrowth)):
        return [(component.type, component.measure)]
    return [(component.type,)]


def keys_between_plans(component: AnyComponent) -> list[Key]:
    """Keys that two plans in force for one employee must not share; a cap is each plan's own."""
    return [] if isinstance(component, PlanCap) else keys_of(component)


def describe(key: Key) -> str:
    """A key for people."""
    if key[0] == "commission":
        return f"the {key[1]} pool on {key[2]} deals"
    return f"{key[0]} on {key[1]}" if len(key) > 1 else key[0]
