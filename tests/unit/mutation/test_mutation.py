"""The tool that changes models: which places it changes, what it leaves alone, what it keeps and reports.

Belongs here: the tool on queries of a few lines. Does not belong here: the models.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.mutation import session
from tests.mutation.__main__ import report
from tests.mutation.changes import Change, changed, changes_of
from tests.mutation.judge import INVALID, KILLED, SURVIVED, Verdict
from tests.mutation.session import EQUIVALENT, Judged, drawn, known_equivalent
from tests.mutation.unit_tests import UnitTest

MODELS = ("int_touches",)
QUERY = """
with facts as (
    select distinct deal_id, coalesce(amount, 0) as amount
    from deals
    where amount > 10 and status in ('signed', 'cancelled')
)

select max(amount) - min(amount) as spread from facts
"""


def test_every_kind_of_place_is_changed_once() -> None:
    assert {(change.kind, change.what) for change in changes_of("model", QUERY)} == {
        ("distinct", "not distinct"),
        ("default", "COALESCE(amount, 0) => amount"),
        ("default", "COALESCE(amount, 0) => COALESCE(amount, 1)"),
        ("condition dropped", "without amount > 10"),
        ("condition dropped", "without status IN ('signed', 'cancelled')"),
        ("comparison", "amount > 10 => amount >= 10"),
        ("list item dropped", "without 'signed'"),
        ("list item dropped", "without 'cancelled'"),
        ("sign", "MAX(amount) - MIN(amount) => MAX(amount) + MIN(amount)"),
        ("min, max", "MAX(amount) => MIN(amount)"),
        ("min, max", "MIN(amount) => MAX(amount)"),
    }


@pytest.mark.parametrize(
    ("sql", "kind", "expected"),
    [
        ("select 1 from a where x = 1 and y < 2", "condition dropped", ["x = 1", "y < 2"]),
        (
            "select 1 from a join b on a.x = b.x and a.y = b.y",
            "condition dropped",
            ["a.x = b.x", "a.y = b.y"],
        ),
        ("select case when x then 1 when y then 2 end", "branch dropped", ["when x then 1", "when y then 2"]),
        ("select 1 as a union all select 2 as a", "branch dropped", ["select 1 as a", "select 2 as a"]),
        (
            "select row_number() over (order by a desc, b)",
            "order",
            ["a asc, b", "b", "a desc, b desc", "a desc"],
        ),
    ],
)
def test_what_is_left_of_a_changed_place(sql: str, kind: str, expected: list[str]) -> None:
    found = [changed(sql, change).lower() for change in changes_of("model", sql) if change.kind == kind]
    assert len(found) == len(expected)
    assert all(any(text in query for query in found) for text in expected)


def test_exact_arithmetic_is_left_alone() -> None:
    sql = "select cast(case when b = 0 then null else (2 * a + b) // (2 * b) end as decimal(28, 6)) as ratio from t"
    assert changes_of("model", sql) == []


def test_the_key_of_a_change_is_the_same_in_another_format() -> None:
    other = " ".join(QUERY.lower().split()).replace("with facts", "-- a comment\nwith   facts")
    assert [change.key for change in changes_of("m", other)] == [
        change.key for change in changes_of("m", QUERY)
    ]


def test_a_seed_draws_the_same_changes_again() -> None:
    assert drawn(3, 20, MODELS) == drawn(3, 20, MODELS)
    assert drawn(3, 20, MODELS) != drawn(4, 20, MODELS)


def test_a_unit_test_fails_on_other_rows() -> None:
    connection = duckdb.connect(":memory:")
    connection.execute("attach ':memory:' as given")
    connection.execute("create table given.numbers as from range(3) as numbers (number)")
    test = UnitTest("test", "given", ("number",), ["[1]", "[2]"])
    assert test.passes(connection, "select number from numbers where number > 0")
    assert not test.passes(connection, "select number from numbers where number >= 0")


def test_a_known_equivalent_is_found_by_its_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "equivalents.yml"
    path.write_text(
        "- {models: [m], change: 'order | final | a ... => ...', reason: one row}", encoding="utf-8"
    )
    monkeypatch.setattr(session, "EQUIVALENTS", path)
    change = Change("m", "order", "final", "a ASC => a DESC", 1, 0, 0)
    assert known_equivalent(change) == "one row"
    assert known_equivalent(Change("n", "order", "final", "a ASC => a DESC", 1, 0, 0)) is None


def test_every_known_equivalent_is_a_place_of_a_model_with_a_reason() -> None:
    entries = session.equivalents()
    changes = drawn(0, None, [model for entry in entries for model in entry["models"]])
    named = {(change.model, known_equivalent(change)) for change in changes}
    assert [(m, e["reason"]) for e in entries for m in e["models"] if (m, e["reason"]) not in named] == []


def test_the_report_names_survivors_and_counts_the_rest() -> None:
    found = [
        Judged("m | order", "models/m.sql", Verdict(SURVIVED)),
        Judged("m | sign", "models/m.sql", Verdict(KILLED, "test", "unit")),
        Judged("m | join", "models/m.sql", Verdict(INVALID)),
        Judged("m | case", "models/m.sql", Verdict(EQUIVALENT, "one row")),
    ]
    said = report(found)
    assert "models/m.sql\n  m | order" in said
    assert "1 killed, 1 survived, 1 equivalent, 1 invalid; 50.0 % of 2 killed" in said


def test_a_session_goes_on_where_it_stopped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    changes = drawn(5, 3, MODELS)
    state = tmp_path / "state.jsonl"
    first = {
        "key": changes[0].key,
        "path": "m.sql",
        "verdict": {"outcome": KILLED, "by": "t", "kind": "unit"},
    }
    state.write_text(json.dumps(first | {"tests": []}) + "\n", encoding="utf-8")
    asked = []

    def verdicts(left: list[Change], *_: object) -> Iterator[tuple[str, Verdict]]:
        for change in left:
            asked.append(change.key)
            yield change.key, Verdict(INVALID)

    monkeypatch.setattr(session, "recordings", lambda _: [])
    monkeypatch.setattr(session, "_verdicts", verdicts)
    found = list(session.judged(changes, state, tmp_path, 1))
    assert [result.verdict.outcome for result in found] == [KILLED, INVALID, INVALID]
    assert asked == [change.key for change in changes[1:]]
    assert len(state.read_text(encoding="utf-8").splitlines()) == 3
