"""Return on investment (rulebook 14, given formulas): rows of `fct_roi`.

Belongs here: the three formulas with the figures before and after. Does not belong here: anything
measured; the inputs are plan configuration.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.reference.kpis_base import rounded

Inputs = Mapping[str, Decimal]
DEFAULTS: dict[str, dict[str, Decimal]] = {
    "efficiency": {"weeks": Decimal(52)},
    "performance": {"revenue_before": Decimal(0)},
    "management": {"customers_before": Decimal(0)},
}


def _efficiency(given: Mapping[str, Fraction]) -> tuple[Fraction, Fraction, Fraction]:
    """Rule: "Efficiency = people × weekly pay × 52 × share saved"."""
    before = given["people"] * given["weekly_pay"] * given["weeks"]
    return before, before * (1 - given["share_saved"]), before * given["share_saved"]


def _performance(given: Mapping[str, Fraction]) -> tuple[Fraction, Fraction, Fraction]:
    """Rule: "performance = additional revenue × margin − system cost"."""
    before = given["revenue_before"] * given["margin"]
    gained = given["additional_revenue"] * given["margin"] - given["system_cost"]
    return before, before + gained, gained


def _management(given: Mapping[str, Fraction]) -> tuple[Fraction, Fraction, Fraction]:
    """Rule: "management = customers kept × average order × margin"."""
    each = given["average_order"] * given["margin"]
    before = given["customers_before"] * each
    return before, before + given["customers_kept"] * each, given["customers_kept"] * each


FORMULAS = {"efficiency": _efficiency, "performance": _performance, "management": _management}


def roi_rows(plan_id: str, currency: str, items: Mapping[str, Inputs]) -> list[dict[str, Any]]:
    """Rows of one plan; a missing input gives NULL figures with a reason.

    Args:
        plan_id: the plan with the roi component.
        currency: the plan's currency.
        items: inputs by item (efficiency, performance, management).
    """
    rows: list[dict[str, Any]] = []
    for item, formula in FORMULAS.items():
        if item not in items:
            continue
        given = {name: Fraction(value) for name, value in {**DEFAULTS[item], **items[item]}.items()}
        row: dict[str, Any] = {"plan_id": plan_id, "item": item, "currency": currency}
        try:
            figures = [rounded(figure, 2) for figure in formula(given)]
            row |= dict(zip(("before", "after", "annual_value"), figures, strict=True), reason=None)
        except KeyError:
            row |= {"before": None, "after": None, "annual_value": None, "reason": "missing_input"}
        rows.append(row)
    return rows
