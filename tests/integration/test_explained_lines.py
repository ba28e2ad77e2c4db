"""Every figure is explained: amounts come out again from ``explain --json`` alone, and lines lead to rows.

Belongs here: random lines of the made-up company, of every component type of the plan model. Does not belong here:
the arithmetic (``tests/support/recomputed.py``).
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import duckdb
import pytest

from compensation.model.plan import AnyComponent
from orchestration.cli.console.output import plain
from serving import explain_line
from tests.conftest import Incentives
from tests.support.recomputed import RECOMPUTE, recomputed

SEED = 135
#: Lines of each type and kind of line (a commission has caps too).
LINES = 2
PAYS_NOBODY = {"roi"}
TYPES = {kind.model_fields["type"].annotation: kind for kind in get_args(AnyComponent)}
NAMES = sorted(get_args(annotation)[0] for annotation in TYPES)


@pytest.fixture(scope="module")
def ask(demo_warehouse: Path, demo_intermediates: Path) -> Iterator[Any]:
    with duckdb.connect(str(demo_warehouse), read_only=True) as connection:
        connection.execute(f"attach '{demo_intermediates}' as scratch (read_only)")
        yield lambda query: connection.execute(query).fetchall()


@pytest.fixture(scope="module")
def drawn(ask: Any) -> dict[str, list[str]]:
    """Random lines by component type: some of every kind of line."""
    rows = ask(
        "select distinct coalesce(component_type, component), component, line_id from marts.fct_payout_lines "
        "left join marts.dim_plan_component using (plan_hash, component_id) where amount <> 0 order by all"
    )
    groups: dict[tuple[str, str], list[str]] = {}
    for kind, component, line_id in rows:
        groups.setdefault((kind, component), []).append(line_id)
    rng = random.Random(SEED)
    found: dict[str, list[str]] = {}
    for (kind, _), lines in groups.items():
        found.setdefault(kind, []).extend(rng.sample(lines, min(LINES, len(lines))))
    return found


def test_every_component_type_of_the_plan_model_is_recomputed() -> None:
    assert set(RECOMPUTE) == {*NAMES, "adjustment"}


@pytest.mark.parametrize("kind", sorted({*NAMES, "adjustment"} - PAYS_NOBODY))
def test_the_amount_comes_out_again_from_the_explanation_alone(
    demo_warehouse: Path, drawn: dict[str, list[str]], kind: str
) -> None:
    """`roi` pays nobody."""
    wrong = {}
    for line_id in drawn[kind]:
        explained = json.loads(json.dumps(plain(explain_line(demo_warehouse, line_id).as_dict())))
        amount = recomputed(explained)
        if amount != Decimal(explained["line"]["amount"]):
            wrong[line_id] = (explained["line"], amount)
    assert wrong == {}


def test_what_pays_nobody_has_no_lines(drawn: dict[str, list[str]]) -> None:
    assert not PAYS_NOBODY & set(drawn)
    assert set(drawn) == {*NAMES, "adjustment"} - PAYS_NOBODY


def test_every_line_with_an_amount_leads_to_a_row_that_is_not_the_employees_own(ask: Any) -> None:
    """But a draw of a month in which nothing was earned: it rests on the plan alone."""
    untraced = ask(
        """
        select component, component_type, line_id from marts.fct_payout_lines as lines
        left join (select distinct plan_hash, component_id, component_type from marts.dim_plan_component)
            using (plan_hash, component_id)
        where amount <> 0 and line_id not in (
            select line_id from marts.fct_provenance where source_table not in ('employees', 'employee_assignments')
        ) and not (component_type = 'draw' and line_id not in (select line_id from lineage.line_links))
        order by all
        """
    )
    assert untraced == []


def test_an_explanation_names_the_records_of_the_provenance(
    demo_warehouse: Path, drawn: dict[str, list[str]], ask: Any
) -> None:
    lines = [lines[0] for lines in drawn.values()]
    rows = ask(
        "select line_id, source, source_table, record_id, load_id, content_hash from marts.fct_provenance "
        f"where line_id in ({', '.join(map(repr, lines))})"
    )
    for line_id in lines:
        found = explain_line(demo_warehouse, line_id).sources
        named = {
            (one.source, one.source_table, one.record_id, one.load_id, one.content_hash) for one in found
        }
        assert named == {row[1:] for row in rows if row[0] == line_id}
        assert [one.key for one in found if one.file is None or one.line is None] == []


def test_every_value_of_a_scorecard_has_rows_or_is_empty(ask: Any) -> None:
    """A KPI that counted something leads to what it counted: a new KPI needs a branch in records_of_kpis."""
    untraced = ask(
        """
        with figures as (
            select facts.line_id, facts.name, count(records.record_id) as records
            from lineage.line_facts as facts
            left join lineage.fact_records as records
                on facts.kind = records.kind and facts.scope = records.scope and facts.subject_id = records.subject_id
                and facts.period = records.period and facts.name = records.name
            where facts.kind in ('kpi', 'observation')
            group by all
        )
        select distinct figures.name from figures
        inner join lineage.line_subjects as lines using (line_id)
        inner join marts.fct_kpi_values as results
            on lines.employee_id = results.employee_id and lines.period = results.period
            and figures.name = results.kpi_id
        where figures.records = 0 and results.numerator <> 0
        """
    )
    assert untraced == []


def test_the_walk_is_a_tree_on_the_terminal(
    incentives: Incentives, demo_home: Path, drawn: dict[str, list[str]]
) -> None:
    result = incentives(demo_home, "explain", drawn["scorecard"][0][:12])
    assert result.returncode == 0, result.stderr
    for words in ("component scorecard", "scorecard items", "bonus base days", "source rows: "):
        assert words in result.stdout, words


@pytest.mark.parametrize(
    ("measure", "counted"),
    [
        ("sales_amount", "int_measures_deal where is_closer"),
        ("counted_sales_amount", "int_measures_deal"),
        ("repurchase_amount", "int_measures_deal where deal_source = 'repurchase'"),
        ("units", "int_measure_counts"),
        ("new_customers", "int_measure_counts where deal_source <> 'repurchase'"),
        ("deals_assisted", "int_deals_assisted"),
    ],
)
def test_a_measure_leads_to_the_deals_it_was_added_up_from(ask: Any, measure: str, counted: str) -> None:
    named = f"from lineage.records_of_measures where measure = '{measure}' and source_table = 'deals'"
    added = f"from scratch.intermediate.{counted}"
    for scope, subject in (("employee", "employee_id"), ("team", "team_id")):
        found = set(ask(f"select subject_id, period, record_id {named} and scope = '{scope}'"))
        expected = set(ask(f"select {subject}, period, deal_id {added}"))
        assert {row for row in expected if row[0] is not None} == found, scope
