"""Made-up commission components: flat rates, rate tables, caps, floors, quotas.

Belongs here: components of type commission. Does not belong here: the other types (``random_plans``).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.support.rng import Rng

Row = dict[str, Any]
D = Decimal

SOURCES = ["marketing", "self_sourced", "referral", "repurchase"]
RATES = [D("0.04"), D("0.02"), D("0.05"), D("0.005"), D("0.033333"), D("0"), D("1"), D("0.00000001")]


def commissions(rng: Rng, pool: str) -> list[Row]:
    """Each source at a flat rate, by a table, or not at all."""
    sources = ["marketing"] if pool == "origination" else SOURCES
    how = {source: rng.one("flat", "flat", "table", "table", "none") for source in sources}
    flat = {source: rng.of(RATES) for source in sources if how[source] == "flat"}
    tabled = [source for source in sources if how[source] == "table"]
    found: list[Row] = []
    if flat:
        found.append({"type": "commission", "id": f"{pool}_flat", "pool": pool, "rates": flat} | _limits(rng))
    groups = [tabled] if rng.once_in(2) else [[source] for source in tabled]
    for number, group in enumerate(group for group in groups if group):
        found.append(_table_component(rng, pool, f"{pool}_table_{number}", group))
    return found


def _limits(rng: Rng) -> Row:
    """A cap, a floor, both or none."""
    found: Row = {}
    if rng.once_in(2):
        amount = rng.one(D("500.00"), D("20.00"), D("150.00"))
        found["cap"] = {"amount": amount} | rng.settings(excess=["lost", "carry", "carry"])
    if rng.once_in(4):
        found["floor"] = {"amount": rng.one(D("20.00"), D("0.01"), D("10.01"))}
    return found


def _table_component(rng: Rng, pool: str, component_id: str, sources: list[str]) -> Row:
    unit = rng.one("amount", "amount", "quota_pct")
    mode = rng.one("marginal", "whole", "interpolated")
    table: Row = {"sources": sources, "mode": mode, "unit": unit, "tiers": _tiers(rng, mode, unit)}
    table |= rng.settings(bound=["upper_inclusive", "lower_inclusive"], interval=["month", "quarter", "year"])
    found: Row = {"type": "commission", "id": component_id, "pool": pool, "rate_table": table}
    if unit == "quota_pct":
        kpi = rng.one("sales_amount", "counted_sales_amount")
        if rng.once_in(2):
            found["quota"] = {"kpi": kpi, "ramp": rng.one([D("0.5"), D("0.75"), D("1")], [D("0.1")])}
        else:
            table["quota_kpi"] = kpi
    return found | _limits(rng)


def _tiers(rng: Rng, mode: str, unit: str) -> list[Row]:
    bounds = [D("0.5"), D("1"), D("1.2")] if unit == "quota_pct" else [D("100"), D("1000"), D("3000.01")]
    tiers: list[Row] = []
    for bound in [*bounds[: rng.upto(3)], None]:
        tier: Row = {"up_to": bound, "rate": rng.one(D("0.01"), D("0.02"), D("0.05"), D("0.1"), D("0"))}
        if mode == "interpolated" and bound is not None and rng.once_in(2):
            tier = {"up_to": bound, "start_rate": tier["rate"], "end_rate": rng.of(RATES)}
        tiers.append(tier)
    return tiers
