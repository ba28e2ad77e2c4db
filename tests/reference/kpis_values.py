"""The rows of `fct_kpi_values`: the catalogue, who gets a row, observations, targets.

Belongs here: rulebook 8 as one table. Does not belong here: the single KPIs (kpis_*.py), scores.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.reference import kpis_ads, kpis_archive, kpis_conduct, kpis_sales, kpis_stock
from tests.reference.kpis_base import NOTHING, UNRESOLVED, Facts, Figure, Period, Row, ratio, rounded, total
from tests.reference.scorecard_plan import CardKpi, cards, plan_of

Figures = dict[str, Figure]
Rule = Callable[[Facts, Period, set[str]], Figures]


@dataclass(frozen=True)
class Kpi:
    """One computed KPI of the catalogue."""

    group: str
    rule: Rule
    direction: str = "higher"
    frequency: str = "month"
    is_ratio: bool = True

    def empty(self, period: Period) -> Figure:
        """Figure of somebody without any fact."""
        if not period.ends(self.frequency):
            return NOTHING
        return ratio(0, 0) if self.is_ratio else total(0)


def _plain(rule: Callable[[Facts, Period], Figures]) -> Rule:
    return lambda facts, period, _people: rule(facts, period)


def _measure(name: str) -> Rule:
    return lambda facts, period, _people: kpis_sales.of_measure(facts, period, name)


def option(facts: Facts, employee_id: str, period: Period, kpi_id: str, name: str, default: str) -> str:
    """A KPI option of the employee's plan of the month."""
    plan = plan_of(facts, employee_id, period)
    entry = plan.entry(kpi_id) if plan else None
    return entry.options.get(name, default) if entry else default


def _lift(facts: Facts, period: Period, _people: set[str]) -> Figures:
    by_mode = {mode: kpis_ads.brand_awareness_lift(facts, period, mode) for mode in ("relative", "points")}
    chosen = {
        owner: option(facts, owner, period, "brand_awareness_lift", "lift", "relative")
        for owner in by_mode["relative"]
    }
    return {owner: by_mode[mode][owner] for owner, mode in chosen.items()}


def _competitors(facts: Facts, period: Period, _people: set[str]) -> Figures:
    staff = {row["employee_id"] or UNRESOLVED for row in facts.rows("competitor_events")}
    hours = {
        who: Decimal(option(facts, who, period, "competitor_response", "within_hours", "24")) for who in staff
    }
    return kpis_conduct.competitor_response(facts, period, hours)


def _coverage(facts: Facts, period: Period, _people: set[str]) -> Figures:
    owners = set(kpis_archive.owned(facts, period).values())
    plans = {owner: plan_of(facts, owner, period) for owner in owners}
    fields = {owner: plan.archive_fields for owner, plan in plans.items() if plan}
    return kpis_archive.archive_coverage(facts, period, fields)


def _shown(facts: Facts, period: Period, people: set[str], figures: Figures) -> Figures:
    """Owners who are not employed keep a stock row only in months with a movement."""
    shown = people | kpis_stock.moves_in(facts, period)
    return {owner: figure for owner, figure in figures.items() if owner in shown}


def _turnover(facts: Facts, period: Period, people: set[str]) -> Figures:
    owners = {row["owner_employee_id"] or UNRESOLVED for row in facts.rows("material_movements")}
    months = {who: int(option(facts, who, period, "material_turnover", "months", "12")) for who in owners}
    return _shown(facts, period, people, kpis_stock.material_turnover(facts, period, months))


def _loss(facts: Facts, period: Period, people: set[str]) -> Figures:
    return _shown(facts, period, people, kpis_stock.material_loss_rate(facts, period))


CATALOGUE: dict[str, Kpi] = {
    "impressions": Kpi("business", _plain(kpis_ads.impressions), is_ratio=False),
    "ad_conversion_rate": Kpi("business", _plain(kpis_ads.ad_conversion_rate)),
    "brand_awareness_lift": Kpi("business", _lift, frequency="quarter"),
    "sales_amount_attainment": Kpi("business", kpis_sales.sales_amount_attainment),
    "sales_volume_attainment": Kpi("business", kpis_sales.sales_volume_attainment),
    "new_customers": Kpi("business", _plain(kpis_sales.new_customers), frequency="quarter", is_ratio=False),
    "product_inputs": Kpi("business", _plain(kpis_conduct.product_inputs), is_ratio=False),
    "product_input_adoption": Kpi("business", _plain(kpis_conduct.product_input_adoption)),
    "ad_roas": Kpi("business", _plain(kpis_ads.ad_roas)),
    "click_through_rate": Kpi("business", _plain(kpis_ads.click_through_rate)),
    "customer_acquisition_cost": Kpi("business", _plain(kpis_ads.customer_acquisition_cost), "lower"),
    "valid_visits": Kpi("business", _measure("valid_visits"), is_ratio=False),
    "lead_conversion": Kpi("business", _plain(kpis_sales.lead_conversion)),
    "archive_coverage": Kpi("management", _coverage),
    "archive_update_rate": Kpi("management", _plain(kpis_archive.archive_update_rate)),
    "archive_accuracy": Kpi("management", _plain(kpis_archive.archive_accuracy)),
    "material_turnover": Kpi("management", _turnover),
    "material_loss_rate": Kpi("management", _loss, "lower"),
    "material_request_hours": Kpi("management", _plain(kpis_stock.material_request_hours), "lower"),
    "competitor_response": Kpi("management", _competitors),
    "rectification_rate": Kpi("management", _plain(kpis_conduct.rectification_rate)),
    "complaint_handling": Kpi("management", _plain(kpis_conduct.complaint_handling)),
    "customer_return_rate": Kpi("management", _plain(kpis_archive.customer_return_rate)),
    "service_rating": Kpi("management", _plain(kpis_conduct.service_rating)),
    "repurchase_amount": Kpi("business", _measure("repurchase_amount"), is_ratio=False),
    "new_customer_amount": Kpi("business", _measure("new_customer_amount"), is_ratio=False),
    "deals_assisted": Kpi("business", _measure("deals_assisted"), is_ratio=False),
    "customers_maintained": Kpi("management", _measure("customers_maintained"), is_ratio=False),
    "transfer_rate": Kpi("management", _plain(kpis_sales.transfer_rate), "lower"),
}
TARGET_RATIOS = ("sales_amount_attainment", "sales_volume_attainment")
OUTPUTS = ("papers", "projects")


def month_of(period_name: str) -> Period:
    """The month in which an observation or target of a month, quarter or year is scored."""
    year = int(period_name[:4])
    if len(period_name) == 4:
        return Period(year, 12)
    if "Q" in period_name:
        return Period(year, 3 * int(period_name[-1]))
    return Period.parse(period_name)


def observations(facts: Facts, period: Period) -> dict[tuple[str, str], Figure]:
    """Observed figures of a month by (employee, kpi); a month row before quarter before year."""
    rows = [row for row in facts.rows("kpi_observations") if month_of(row["period"]) == period]
    found: dict[tuple[str, str], Figure] = {}
    for row in sorted(rows, key=_precedence):
        key = (row["employee_id"] or UNRESOLVED, row["kpi_id"])
        if row["denominator"] is None:
            found[key] = total(row["numerator"])
        else:
            found[key] = ratio(row["numerator"], row["denominator"])
    for employee in {key[0] for key in found if key[1] in OUTPUTS}:
        done = [found[employee, kpi].numerator or Decimal(0) for kpi in OUTPUTS if (employee, kpi) in found]
        found.setdefault((employee, "research_output"), total(sum(done, Decimal(0))))
    return found


def _precedence(row: Row) -> int:
    """Year first, month last, so that the most precise row wins."""
    return {4: 0, 7: 2}[len(row["period"])] - ("Q" in row["period"])


def figures_of(facts: Facts, period: Period) -> dict[tuple[str, str], Figure]:
    """Every figure of a month by (employee, kpi)."""
    people = facts.employed(period)
    found: dict[tuple[str, str], Figure] = {}
    for kpi_id, kpi in CATALOGUE.items():
        known = kpi.rule(facts, period, people)
        for employee in people | set(known):
            found[employee, kpi_id] = known.get(employee, kpi.empty(period))
    for employee, plan, _days in cards(facts, period):
        for entry in plan.kpis:
            found.setdefault((employee, entry.kpi_id), NOTHING)
    found.update(observations(facts, period))
    return found


def default_entry(kpi_id: str, target: Decimal) -> CardKpi:
    """A KPI as the catalogue knows it, for people whose plan does not list it."""
    kpi = CATALOGUE.get(kpi_id)
    if kpi is None:
        return CardKpi(kpi_id, "business", Decimal(0), target)
    return CardKpi(kpi_id, kpi.group, Decimal(0), target, kpi.direction, frequency=kpi.frequency)


def target_for(
    facts: Facts, employee_id: str, period: Period, kpi_id: str, frequency: str, planned: Decimal | None
) -> Decimal | None:
    """The `targets` row of the item's period, else the plan's target."""
    if kpi_id in TARGET_RATIOS:
        return planned if planned is not None else Decimal(1)
    name = {"month": period.name, "quarter": period.quarter, "year": str(period.year)}[frequency]
    row = kpis_sales.target_of(facts, employee_id, name, kpi_id)
    return planned if row is None else row


def attainment_of(figure: Figure, target: Decimal | None, direction: str, best: Decimal) -> Decimal | None:
    """Attainment at 6 places: value ÷ target; "for `lower` KPIs attainment = target ÷ actual".

    "For a `lower` KPI a value of 0 with a positive denominator is the best: attainment = `max_attainment`".
    """
    if figure.value is None or figure.numerator is None or target is None:
        return None
    if direction == "lower":
        if figure.value <= 0:
            return rounded(best, 6)
        return rounded(Fraction(target) / figure.published, 6)
    if target <= 0:
        return None
    return rounded(figure.published / Fraction(target), 6)


def kpi_values(facts: Facts) -> list[dict[str, Any]]:
    """Rows of `fct_kpi_values`."""
    rows: list[dict[str, Any]] = []
    for period in facts.periods:
        for (employee, kpi_id), figure in sorted(figures_of(facts, period).items()):
            plan = plan_of(facts, employee, period)
            listed = plan.entry(kpi_id) if plan else None
            entry = listed or default_entry(kpi_id, Decimal(0))
            planned = listed.target if listed else None
            target = target_for(facts, employee, period, kpi_id, entry.frequency, planned)
            best = plan.max_attainment if plan else Decimal("1.2")
            rows.append(
                {
                    "employee_id": employee,
                    "period": period.name,
                    "kpi_id": kpi_id,
                    "numerator": figure.numerator,
                    "denominator": figure.denominator,
                    "value": figure.value,
                    "target": target,
                    "attainment": attainment_of(figure, target, entry.direction, best),
                    "reason": figure.reason,
                }
            )
    return rows
