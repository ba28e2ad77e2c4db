"""The amount of a payout line computed again from what ``explain --json`` says of it, and from nothing else.

Belongs here: one function for each component type of the plan model, in plain fractions, rounded where the rules round.
Does not belong here: which lines are tried (``tests/integration/test_explained_lines.py``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.reference.money import allocate, half_up, money

Explained = Mapping[str, Any]
Row = Mapping[str, Any]


def recomputed(explained: Explained) -> Decimal:
    """The amount of an explained line.

    Raises:
        KeyError: its component type is not covered.
    """
    return RECOMPUTE[explained["component"]["type"]](explained)


def _number(value: Any) -> Fraction:
    return Fraction(str(value))


def _only(rows: Iterable[Row]) -> Row:
    (row,) = rows
    return row


def _kind(explained: Explained) -> str:
    kind: str = explained["line"]["component"]
    return kind


def _definition(explained: Explained) -> Mapping[str, Any]:
    found: Mapping[str, Any] = explained["component"]["definition"]
    return found


def _prorated(row: Row, amount: Any) -> Decimal:
    """An amount of a whole month for the days in role."""
    return money(_number(amount) * int(row["days_in_role"]) / int(row["days_in_period"]))


# commission


def commission(explained: Explained) -> Decimal:
    """A line of a pool at flat rates or by a rate table, or the cap or floor of the component."""
    if _kind(explained) == "cap":
        if explained["line"]["reason"] == "floor":
            return _floor(explained)
        return _cap(explained, _definition(explained)["cap"])
    if explained["inputs"].get("tier_steps"):
        return _tiered(explained)
    return _flat(
        explained, _number(_definition(explained)["rates"].get(explained["deal"]["paid_as_source"], 0))
    )


def collaboration(explained: Explained) -> Decimal:
    """A line of the collaboration pool: the award of the rules of credit in force at the signing."""
    deal = explained["deal"]
    award = explained["component"]["crediting"]["collaboration"][
        "referral" if deal["source"] == "referral" else "joint"
    ]
    if award["amount"] is not None:
        return _flat(explained, _number(award["amount"]) / _number(deal["base_amount"]))
    return _flat(explained, _number(award["rate"]))


def _flat(explained: Explained, rate: Fraction) -> Decimal:
    """The part of the pool after the transaction, less the part before it; pools add up over a deal."""
    earner = _only(explained["credits"])["employee_id"]
    rows = explained["inputs"]["pool_credits"]
    totals: dict[tuple[str, bool, str], Fraction] = defaultdict(Fraction)
    weights: dict[str, Fraction] = {}
    for row in rows:
        amount = sum(
            _number(one["credited_amount"]) for one in rows if one["transaction_id"] == row["transaction_id"]
        )
        totals[row["business_date"], amount < 0, row["transaction_id"]] = Fraction(amount)
        weights[row["employee_id"]] = _number(row["weight"] or 1)
    pool, before, after = Fraction(0), Decimal(0), Decimal(0)
    for key in sorted(totals):
        before = allocate(money(pool), weights)[earner]
        pool += totals[key] * rate
        after = allocate(money(pool), weights)[earner]
        if key[2] == (explained["line"]["transaction_id"] or ""):
            break
    return after - before


def _tiered(explained: Explained) -> Decimal:
    """What the total of the interval earns with the credit, less what it earned without it."""
    line, table = explained["line"], _definition(explained)["rate_table"]
    earned, retiering, total, counted = Decimal(0), Decimal(0), Fraction(0), Fraction(0)
    for step in explained["inputs"]["tier_steps"]:
        before = _table_earning(table, total, counted, step["quota"])
        total += _number(step["credited_amount"])
        counted = _number(step["counted_after"])
        if (step["deal_id"], step["transaction_id"]) == (line["deal_id"], line["transaction_id"]):
            earned += _table_earning(table, total, counted, step["quota"]) - before
            retiering += Decimal(step["retiering_amount"])
    siblings = [row for row in explained["inputs"].get("sibling_lines", ()) if row["basis_amount"] == "0.00"]
    if line["basis_amount"] == "0.00" and retiering:
        return retiering
    return earned - retiering if siblings else earned


def _table_earning(table: Row, total: Fraction, counted: Fraction, quota: str | None) -> Decimal:
    """What an interval total earns (rulebook 4.2): by amounts, or by shares of a quota."""
    by_quota = table["unit"] == "quota_pct"
    position = counted if by_quota else total
    tiers, lower = [], Fraction(0)
    for tier in table["tiers"]:
        upper = None if tier["up_to"] is None else _number(tier["up_to"])
        if upper is not None and by_quota:
            upper = _number(half_up(upper * _number(quota or 0), 2))
        start = tier["rate"] if tier["rate"] is not None else tier["start_rate"]
        end = tier["rate"] if tier["rate"] is not None else tier["end_rate"]
        tiers.append((lower, upper, _number(start), _number(end)))
        lower = upper if upper is not None else lower
    if position <= 0 or (by_quota and not _number(quota or 0)):
        return money(total * tiers[0][2])
    if table["mode"] == "marginal":
        slices = sum(
            max(min(position, position if upper is None else upper) - low, Fraction(0)) * start
            for low, upper, start, _ in tiers
        )
        return money(slices if not by_quota else total * slices / position)
    inclusive = table["bound"] == "upper_inclusive"
    low, upper, start, end = next(
        tier for tier in tiers if tier[1] is None or position < tier[1] or (inclusive and position == tier[1])
    )
    if table["mode"] == "whole" or upper is None or upper == low:
        return money(total * start)
    return money(total * (start + (end - start) * (position - low) / (upper - low)))


# limits


def _by_period(rows: Iterable[Row]) -> dict[str, Fraction]:
    found: dict[str, Fraction] = defaultdict(Fraction)
    for row in rows:
        found[row["period"]] += _number(row["amount"])
    return found


def _months(first: str, last: str) -> list[str]:
    """All months from the first to the last."""
    year, month = map(int, first.split("-"))
    found = []
    while f"{year:04d}-{month:02d}" <= last:
        found.append(f"{year:04d}-{month:02d}")
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return found


def _cap(explained: Explained, cap: Row) -> Decimal:
    """Lost: on all that a month of origin earned; carried: what is above waits for later months (rulebook 4.3)."""
    limit, amounts = _number(cap["amount"]), _by_period(explained["lines"])
    period = explained["line"]["period"]
    if cap["excess"] == "lost":
        after = sum(amounts.values(), Fraction(0))
        before = after - amounts[period]
        return money(min(limit, after) - min(limit, before) - amounts[period])
    carried = previous = Fraction(0)
    for month in _months(min(amounts), period):
        previous, carried = carried, max(Fraction(0), carried + amounts[month] - limit)
    return money(previous - carried)


def _floor(explained: Explained) -> Decimal:
    own = max(sum((_number(row["amount"]) for row in explained["lines"]), Fraction(0)), Fraction(0))
    day = _only(explained["inputs"]["days"])
    return money(_number(_prorated(day, _definition(explained)["floor"]["amount"])) - own)


def plan_cap(explained: Explained) -> Decimal:
    """The cap over all lines of a plan."""
    return _cap(explained, _definition(explained))


def draw(explained: Explained) -> Decimal:
    """A guarantee tops a month up; a recoverable one is taken back from what is above it later."""
    definition, period = _definition(explained), explained["line"]["period"]
    guaranteed = {row["period"]: _prorated(row, definition["amount"]) for row in explained["inputs"]["days"]}
    earned = _by_period(explained["lines"])
    if not definition["recoverable"]:
        return money(max(_number(guaranteed.get(period, 0)) - max(earned[period], Fraction(0)), Fraction(0)))
    balance = previous = Fraction(0)
    for month in _months(min(guaranteed), period):
        gap = _number(guaranteed.get(month, 0)) - max(earned[month], Fraction(0))
        previous, balance = balance, max(Fraction(0), balance + gap)
    return money(balance - previous)


# work and progress


def points(explained: Explained) -> Decimal:
    """Points of the leads of the month, each worth its money."""
    definition = _definition(explained)
    leads = {
        row["record_id"]: row["values"] for row in explained["sources"] if row["source_table"] == "leads"
    }
    earned = Decimal(0)
    for row in explained["inputs"]["points"]:
        wanted = definition["by_lead_type"].get(leads[row["lead_id"]]["lead_type"], definition["base"])
        earned += money(_number(wanted) * _number(definition["point_value"]))
    return earned


def process_bonus(explained: Explained) -> Decimal:
    """The bonus when visits and conversion both reach their targets; the visits are the leads that were counted."""
    definition = _definition(explained)
    counted = _only(figure for figure in explained["figures"] if figure["name"] == "lead_conversion")
    visits = sum(1 for key in counted["records"] if key.startswith("leads "))
    signed = _number(_only(explained["inputs"]["process_bonus"])["signed_customers"])
    reached = (
        visits >= _number(definition["target"]) and signed >= _number(definition["min_conversion"]) * visits
    )
    return money(_number(definition["bonus"])) if reached else Decimal("0.00")


def task(explained: Explained) -> Decimal:
    """Weighted attainments of the items times the prorated bonus base; results are the figures of the month."""
    period = _only(explained["inputs"]["days"])["period"]
    results = {
        figure["name"]: figure["figures"]["value"]
        for figure in explained["figures"]
        if figure["period"] == period and figure["kind"] in ("measure", "kpi", "observation")
    }
    cap, weights, score = _number(_definition(explained)["attainment_cap"]), Fraction(0), Fraction(0)
    for item in explained["inputs"]["task_items"]:
        if item["attainment"] is None:
            continue
        attainment = half_up(
            max(_number(results[item["measure"]]), Fraction(0)) / _task_target(explained, item), 6
        )
        weights += _number(item["weight"])
        score += _number(item["weight"]) * min(_number(attainment), cap)
    total = _number(half_up(100 * score / weights, 4))
    return money(total / 100 * _bonus_base(explained))


def _task_target(explained: Explained, item: Row) -> Fraction:
    """What is wanted, at most a share of the capability for new customers (rulebook 6)."""
    wanted = _number(item["wanted_target"])
    if item["capability"] is None or item["measure"] not in ("new_customers", "new_customer_amount"):
        return wanted
    limit = _number(_definition(explained)["target_cap"]) * _number(item["capability"])
    return min(wanted, Fraction(limit // 1) if item["measure"] == "new_customers" else _number(money(limit)))


def _bonus_base(explained: Explained) -> Fraction:
    day = _only(explained["inputs"]["days"])
    return _number(day["bonus_base_days"]) / int(day["days_in_period"])


def growth(explained: Explained) -> Decimal:
    """A rate by the growth of a measure on commission, the measure or the bonus base."""
    definition, row = _definition(explained), _only(explained["inputs"]["growth"])
    values = {figure["period"]: figure["figures"].get("value") for figure in explained["figures"]}
    value = None if values.get(row["period"]) is None else _number(values[row["period"]])
    base = None
    if row["growth"] is not None:
        earlier = [_number(one) for month, one in values.items() if month != row["period"]]
        base = sum(earlier, Fraction(0)) / len(earlier)
    rate = _growth_rate(definition, value, base)
    basis = _growth_basis(explained, definition.get("basis", "earned_commission"), value)
    if definition.get("on") == "increment_only":
        basis = (
            basis * max(value - base, Fraction(0)) / value if base and value and value > 0 else Fraction(0)
        )
    return money(rate * basis)


def _growth_rate(definition: Row, value: Fraction | None, base: Fraction | None) -> Fraction:
    grown = None if base is None or value is None else value / base - 1
    if definition["type"] == "team_growth":
        return (
            _number(definition["rate"])
            if grown is not None and grown >= _number(definition["threshold"])
            else Fraction(0)
        )
    rate = first = _number(definition["base_rate"])
    for step in definition["steps"]:
        if grown is not None and grown >= _number(step["growth"]):
            rate = _number(step["rate"]) + (first if definition["mode"] == "increment" else 0)
    return rate


def _growth_basis(explained: Explained, basis: str, value: Fraction | None) -> Fraction:
    if basis == "earned_commission":
        held = explained["line"]["settles_line_id"]
        return sum(
            (_number(row["amount"]) for row in explained["lines"] if row["line_id"] != held), Fraction(0)
        )
    return (value or Fraction(0)) if basis == "measure" else _bonus_base(explained)


def contribution(explained: Explained) -> Decimal:
    """The reward when follow-ups and contact minutes, counted in the source rows, reach the threshold."""
    definition = _definition(explained)
    contacts = [row["values"] for row in explained["sources"] if row["source_table"] == "activities"]
    minutes = sum((_number(row["minutes"] or 0) for row in contacts), Fraction(0))
    share = _number(definition["follow_ups_share"])
    score = share * min(Fraction(1), len(contacts) / _number(definition["follow_ups_reference"]))
    score += (1 - share) * min(Fraction(1), minutes / _number(definition["minutes_reference"]))
    return (
        money(_number(definition["bonus"]))
        if 100 * score >= _number(definition["threshold"])
        else Decimal("0.00")
    )


def adjustment(explained: Explained) -> Decimal:
    """The amount that a person entered."""
    return Decimal(
        _only(row for row in explained["sources"] if row["source_table"] == "adjustments")["values"]["amount"]
    )


# scorecards


def scorecard(explained: Explained) -> Decimal:
    """The score of a group times its weight times the prorated bonus base, rounded once (rulebook 9)."""
    definition, group = _definition(explained), _kind(explained).removeprefix("bonus_")
    values = {row["kpi_id"]: row for row in explained["inputs"]["kpi_values"]}
    shown = {row["kpi_id"]: row for row in explained["inputs"]["scorecard_items"]}
    weights, points_of = Fraction(0), Fraction(0)
    reached = set()
    for kpi in definition["kpis"]:
        item = shown[kpi["kpi"]]
        score, is_reached = _item(definition, kpi, item, values[kpi["kpi"]])
        reached |= {kpi["kpi"]} if is_reached else set()
        if kpi["group"] == group and score is not None:
            weights += _number(kpi["weight"])
            points_of += _number(kpi["weight"]) * score
    total = _number(half_up(points_of / weights, 4))
    service = definition["service_bonus"]
    if service and service["group"] == group and set(service["kpis"]) <= reached:
        total += _number(service["points"])
    if group == "management":
        violations = int(_only(explained["inputs"]["scorecards"])["violations"])
        total = _number(half_up(total * _left(definition["violations"], violations), 4))
    weight = _number(definition["group_weights"][group])
    both = sum(_number(one) for one in definition["group_weights"].values())
    return money(max(total, Fraction(0)) * weight / both / 100 * _bonus_base(explained))


def _left(rules: Row, violations: int) -> Fraction:
    if rules["mode"] == "compounding":
        return (1 - _number(rules["rate"])) ** violations
    return max(Fraction(0), 1 - _number(rules["rate"]) * violations)


def _item(card: Row, kpi: Row, item: Row, value: Row) -> tuple[Fraction | None, bool]:
    """Score of an item, None when it does not count, and whether its target is reached."""
    if item["status"] != "scored":
        return (
            Fraction(0) if item["status"] == "excluded" and card["excluded_policy"] == "zero" else None
        ), False
    wanted = _number(item["target"]) * _number(value["denominator"] or 1)
    actual, highest = _number(value["numerator"]), _number(card["max_attainment"])
    lower = kpi["direction"] == "lower"
    is_reached = actual <= wanted if lower else actual >= wanted
    if lower and actual <= 0:
        attainment = highest
    else:
        attainment = _number(half_up(wanted / actual if lower else actual / wanted, 6))
    base = 100 * min(attainment, highest)
    if kpi["method"] == "pass_fail":
        base = Fraction(100 if is_reached else 0)
    elif kpi["method"] == "threshold":
        base = Fraction(100) if is_reached else base - _number(kpi["deduct"])
    scored = _number(half_up(max(base, Fraction(0)), 4)) + _number(item["training_bonus"])
    return max(min(scored, _number(card["score_cap"])), Fraction(0)), is_reached


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
