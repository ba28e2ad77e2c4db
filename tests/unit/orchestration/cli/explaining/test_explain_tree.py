"""What stands in the tree of an explained line, and what is only counted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rich.console import Console
from rich.tree import Tree

from orchestration.cli.explaining.tree import tree_of
from serving import Component, Explanation, Figure, PlanText, SourceRecord

LINE: dict[str, str | None] = {
    "line_id": "aa11",
    "employee_id": "E1",
    "period": "2026-10",
    "component": "closing",
    "amount": "20.00",
    "currency": "CNY",
    "status": "held",
    "reason": "transfer",
    "basis_amount": "1000.00",
    "rate": "0.020000000000",
    "deal_id": None,
}
TIERS = {"mode": "marginal", "tiers": [{"up_to": "1000", "rate": "0.02"}, {"up_to": None, "rate": "0.03"}]}


def _record(number: int, values: dict[str, str | None] | None = None) -> SourceRecord:
    return SourceRecord(
        "files", "deals", f"D{number}", "000001-abc", "0123456789abcdef", "deals.csv", number, values
    )


@pytest.fixture
def explained() -> Explanation:
    return Explanation(
        line=LINE,
        component=Component(
            "closing", "commission", {"id": "closing", "type": "commission", "rate_table": TIERS}
        ),
        plan=PlanText("p1", "f" * 64, "p1.yml", "plan_id: p1"),
        figures=(
            Figure(
                "measure",
                "employee",
                "E1",
                "2026-10",
                "units",
                {"value": "2.000000"},
                ("deals D1", "deals D2"),
            ),
            Figure("measure", "employee", "E1", "2026-09", "units", {"value": "0.000000"}),
        ),
        sources=tuple(_record(number) for number in range(1, 11)),
        notes=("something is missing",),
    )


def _written(tree: Tree) -> str:
    console = Console(width=160)
    with console.capture() as captured:
        console.print(tree)
    return captured.get()


def test_a_tree_shows_the_walk_and_counts_many_rows(explained: Explanation) -> None:
    said = _written(tree_of(explained))
    for words in (
        "payout line aa11",
        "E1, 2026-10, closing: 20.00 CNY, held (transfer)",
        "basis 1000.00 at 0.02",
        "plan p1 (p1.yml), version ffffffffffff",
        "tier 1: up_to 1000, rate 0.02",
        "tier 2: rate 0.03",
        "2026-10: value 2.00; 2 rows (deals 2)",
        "2026-09: value 0.00; no rows",
        "source rows: 10 rows (deals 10)",
        "--rows lists them",
        "note: something is missing",
    ):
        assert words in said, words
    assert "deals.csv" not in said


def test_all_rows_are_listed_with_their_values_when_asked_for(explained: Explanation) -> None:
    one = replace(explained, sources=(*explained.sources, _record(11, {"amount": "5.00"})))
    said = _written(tree_of(one, all_rows=True))
    assert "deals D11: deals.csv:11, load 000001-abc, hash 0123456789ab" in said
    assert "amount 5.00" in said
    assert "2 rows (deals 2): deals D1, deals D2" in said
    assert "--rows" not in said


def test_delivered_text_moves_no_cursor(explained: Explanation) -> None:
    said = _written(tree_of(replace(explained, notes=("\x1b[2J[bold]x",))))
    assert "\\x1b[2J[bold]x" in said
