"""Each contradiction inside a plan is an error with its line and key."""

from __future__ import annotations

import pytest

TABLE = """\
components:
  - type: commission
    pool: closing
    rate_table:
      sources: [self_sourced]
{settings}      tiers:
{tiers}"""


def table(*tiers: str, settings: str = "") -> str:
    lines = "".join(f"        - {tier}\n" for tier in tiers)
    return TABLE.format(settings=settings, tiers=lines)


TIERS = "components[0].rate_table.tiers"
OPEN = "{up_to: null, rate: 0.05}"

CASES = {
    "position shares": (
        "crediting:\n  attribution:\n    position: {first: 0.4, middle: 0.2, last: 0.3}\n",
        10,
        "crediting.attribution.position",
        "shares add up to 0.9, must add up to 1",
    ),
    "award with both": (
        "crediting:\n  collaboration:\n    joint: {rate: 0.005, amount: 100}\n",
        10,
        "crediting.collaboration.joint",
        "has both rate and amount, needs exactly one",
    ),
    "award with neither": (
        "crediting:\n  collaboration:\n    referral: {rate: null}\n",
        10,
        "crediting.collaboration.referral",
        "has neither rate nor amount, needs exactly one",
    ),
    "lead rules out of order": (
        "crediting:\n  lead_validity:\n    rules: [duplicate, bad_contact]\n",
        10,
        "crediting.lead_validity.rules",
        "must keep the order of the rulebook: bad_contact, duplicate",
    ),
    "visit days without the rule": (
        "crediting:\n  lead_validity:\n    rules: [duplicate]\n    visit_days: 7\n",
        11,
        "crediting.lead_validity.visit_days",
        "is set but the rule 'stale' is not in rules",
    ),
    "customer types without the rule": (
        "crediting:\n  lead_validity: {rules: [duplicate], accepted_customer_types: [clinic]}\n",
        9,
        "crediting.lead_validity.accepted_customer_types",
        "is set but the rule 'out_of_profile' is not in rules",
    ),
    "name twice in a list": (
        "crediting:\n  person_types: [individual, individual]\n",
        9,
        "crediting.person_types[1]",
        "names 'individual' twice",
    ),
    "rates and table": (
        table(OPEN) + "    rates: {marketing: 0.02}\n",
        9,
        "components[0]",
        "has both rates and rate_table, needs exactly one",
    ),
    "neither rates nor table": (
        "components:\n  - {type: commission, pool: closing}\n",
        9,
        "components[0]",
        "has neither rates nor rate_table, needs exactly one",
    ),
    "no rates": (
        "components:\n  - {type: commission, pool: closing, rates: {}}\n",
        9,
        "components[0].rates",
        "must name at least one deal source",
    ),
    "origination of other deals": (
        "components:\n  - {type: commission, pool: origination, rates: {referral: 0.02}}\n",
        9,
        "components[0].rates.referral",
        "the origination pool exists on marketing deals only, not on referral",
    ),
    "cap below floor": (
        table(OPEN) + "    cap: {amount: 10}\n    floor: {amount: 20}\n",
        15,
        "components[0].cap",
        "is below the floor",
    ),
    "tiers unsorted": (
        table("{up_to: 3000, rate: 0.01}", "{up_to: 1000, rate: 0.02}", OPEN),
        15,
        f"{TIERS}[1].up_to",
        "tiers must go up: 1000 is not above 3000",
    ),
    "tiers with a gap": (
        table("{from: 0, up_to: 1000, rate: 0.01}", "{from: 2000, up_to: null, rate: 0.02}"),
        15,
        f"{TIERS}[1].from",
        "leaves a gap: must be 1000, is 2000",
    ),
    "tiers overlapping": (
        table("{from: 0, up_to: 1000, rate: 0.01}", "{from: 500, up_to: null, rate: 0.02}"),
        15,
        f"{TIERS}[1].from",
        "overlaps the tier before: must be 1000, is 500",
    ),
    "last tier closed": (
        table("{up_to: 1000, rate: 0.01}", "{up_to: 2000, rate: 0.02}"),
        15,
        f"{TIERS}[1].up_to",
        "the last tier must be open-ended, ends at 2000",
    ),
    "open tier in the middle": (
        table(OPEN, OPEN),
        14,
        f"{TIERS}[0].up_to",
        "only the last tier may be open-ended",
    ),
    "tier without rate": (
        table("{up_to: 1000, start_rate: 0.01, end_rate: 0.02}", OPEN),
        14,
        f"{TIERS}[0].rate",
        "is missing: mode marginal needs a rate for each tier",
    ),
    "interpolated tier without end": (
        table("{up_to: 1000, start_rate: 0.01}", OPEN, settings="      mode: interpolated\n"),
        15,
        f"{TIERS}[0].rate",
        "is missing: give rate, or start_rate and end_rate",
    ),
    "interpolated open tier": (
        table("{up_to: null, start_rate: 0.01, end_rate: 0.02}", settings="      mode: interpolated\n"),
        15,
        f"{TIERS}[0].end_rate",
        "an open-ended tier needs one rate: it has no end",
    ),
    "rate and start rate": (
        table("{up_to: null, rate: 0.01, start_rate: 0.02}", settings="      mode: interpolated\n"),
        15,
        f"{TIERS}[0]",
        "has rate and start_rate or end_rate, needs one or the other",
    ),
    "quota tiers without quota": (
        table(OPEN, settings="      unit: quota_pct\n"),
        11,
        "components[0].rate_table",
        "unit quota_pct needs quota_kpi",
    ),
    "quota bound in percent": (
        table(
            "{up_to: 100, rate: 0.01}",
            OPEN,
            settings="      unit: quota_pct\n      quota_kpi: sales_amount\n",
        ),
        16,
        f"{TIERS}[0].up_to",
        "is a share of quota, 1 = 100 %, is 100",
    ),
    "quota for amounts": (
        table(OPEN, settings="      quota_kpi: sales_amount\n"),
        13,
        "components[0].rate_table.quota_kpi",
        "is only for unit quota_pct",
    ),
    "quota without a table of quota": (
        table(OPEN) + "    quota: {kpi: sales_amount}\n",
        15,
        "components[0].quota",
        "needs a rate_table with unit quota_pct",
    ),
    "two quotas": (
        table(OPEN, settings="      unit: quota_pct\n      quota_kpi: units\n")
        + "    quota: {kpi: sales_amount}\n",
        14,
        "components[0].rate_table.quota_kpi",
        "differs from quota.kpi 'sales_amount'",
    ),
    "growth steps unsorted": (
        (
            "components:\n  - type: growth_bonus\n    steps:\n"
            "      - {growth: 0.3, rate: 0.2}\n      - {growth: 0.2, rate: 0.15}\n"
        ),
        12,
        "components[0].steps[1].growth",
        "steps must go up: 0.2 is not above 0.3",
    ),
    "growth above 1": (
        "components:\n  - {type: growth_bonus, mode: increment, base_rate: 0.5, steps: [{growth: 0.1, rate: 0.6}]}\n",
        9,
        "components[0].steps[0].rate",
        "base rate and step add up to 1.1, above 1",
    ),
    "duplicate component id": (
        "components:\n  - {type: points, id: extra}\n  - {type: collaboration, id: extra}\n",
        10,
        "components[1].id",
        "the id 'extra' is already used in line 9: give each component its own id",
    ),
    "department of another plan": (
        "components:\n  - {type: points, departments: [marketing]}\n",
        9,
        "components[0].departments[0]",
        "is no department of this plan: 'marketing'",
    ),
    "task months": (
        (
            "components:\n  - type: task\n    best_months: 13\n    templates:\n"
            "      maintainer: [{measure: units, weight: 1, target: 1}]\n"
            "      developer: [{measure: units, weight: 1, target: 1}]\n"
            "      unprofiled: [{measure: units, weight: 1, target: 1}]\n"
        ),
        10,
        "components[0].best_months",
        "is 13, more than history_months 12",
    ),
    "task item twice": (
        (
            "components:\n  - type: task\n    templates:\n"
            "      maintainer: [{measure: units, weight: 1, target: 1}, {measure: units, weight: 1, target: 1}]\n"
            "      developer: [{measure: units, weight: 1, target: 1}]\n"
            "      unprofiled: [{measure: units, weight: 1, target: 1}]\n"
        ),
        11,
        "components[0].templates.maintainer[1].measure",
        "names 'units' twice",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_contradiction_names_the_place(name, problems_of):
    body, line, key, message = CASES[name]
    (problem,) = problems_of(body)
    assert (problem.file, problem.line, problem.key) == ("plans/a_plan.yml", line, key)
    assert problem.message == message
