"""Each contradiction inside a scorecard is an error with its line and key."""

from __future__ import annotations

import pytest

CARD = """\
components:
  - type: scorecard
    group_weights: {{business: {business}, management: {management}}}
{settings}    kpis:
{kpis}"""


def card(*kpis: str, business: str = "60", management: str = "40", settings: str = "") -> str:
    lines = "".join(f"      - {kpi}\n" for kpi in kpis)
    return CARD.format(business=business, management=management, settings=settings, kpis=lines)


RETURN = "{kpi: customer_return_rate, weight: 100, target: 0.8}"
VISITS = "{kpi: valid_visits, weight: 100, target: 20}"
CASES = {
    "group weights": (
        card(VISITS, RETURN, business="60", management="30"),
        10,
        "components[0].group_weights",
        "add up to 90, must add up to 100",
    ),
    "kpi weights of a group": (
        card(VISITS.replace("100", "90"), RETURN),
        11,
        "components[0].kpis",
        "weights of group business add up to 90, must add up to 100",
    ),
    "group without kpi": (
        card(VISITS),
        11,
        "components[0].kpis",
        "has no KPI in group management, which weighs 40",
    ),
    "kpi twice": (
        card(VISITS.replace("100", "50"), VISITS.replace("100", "50"), RETURN),
        13,
        "components[0].kpis[1].kpi",
        "names 'valid_visits' twice",
    ),
    "kpi target zero": (
        card(VISITS.replace("20", "0"), RETURN),
        12,
        "components[0].kpis[0].target",
        "must be above 0, is 0",
    ),
    "kpi direction": (
        card(VISITS.replace("}", ", direction: lower}"), RETURN),
        12,
        "components[0].kpis[0].direction",
        "is lower, but valid_visits is a higher-is-better KPI",
    ),
    "grades unsorted": (
        card(
            VISITS,
            RETURN,
            settings="    grades: [{grade: B, from: 60}, {grade: A, from: 90}, {grade: D, from: 0}]\n",
        ),
        11,
        "components[0].grades[1].from",
        "grades must go down: 90 after 60",
    ),
    "grades not down to zero": (
        card(VISITS, RETURN, settings="    grades: [{grade: A, from: 90}, {grade: B, from: 60}]\n"),
        11,
        "components[0].grades[1].from",
        "the last grade must begin at 0",
    ),
    "grade twice": (
        card(VISITS, RETURN, settings="    grades: [{grade: A, from: 90}, {grade: A, from: 0}]\n"),
        11,
        "components[0].grades[1].grade",
        "names 'A' twice",
    ),
    "service bonus of other kpis": (
        card(VISITS, RETURN, settings="    service_bonus: {kpis: [complaint_handling]}\n"),
        11,
        "components[0].service_bonus.kpis[0]",
        "is no KPI of this scorecard: 'complaint_handling'",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_contradiction_names_the_place(name, problems_of):
    body, line, key, message = CASES[name]
    (problem,) = problems_of(body)
    assert (problem.file, problem.line, problem.key) == ("plans/a_plan.yml", line, key)
    assert problem.message == message
