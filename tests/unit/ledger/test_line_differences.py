"""The first difference between locked lines and the same lines calculated again, and the hash of lines."""

from __future__ import annotations

from ledger.archive.differences import first_difference
from ledger.archive.lines import COLUMNS, lines_hash


def line(line_id: str, **values: str) -> tuple[str | None, ...]:
    return tuple({"line_id": line_id, **values}.get(column) for column in COLUMNS)


def test_the_same_lines_differ_in_nothing() -> None:
    assert first_difference([line("a", amount="1.00")], [line("a", amount="1.00")]) is None


def test_the_first_value_that_differs_is_named() -> None:
    found = first_difference(
        [line("a", amount="1.00"), line("b", amount="1.00")],
        [line("a", amount="1.00"), line("b", amount="1.01")],
    )
    assert str(found) == "line b, amount: '1.00' was locked, '1.01' is calculated"


def test_a_line_on_one_side_only_is_named() -> None:
    assert str(first_difference([line("a")], [])) == "line a is not calculated again"
    assert str(first_difference([], [line("a")])) == "line a was not locked and is calculated now"


def test_the_difference_between_nothing_and_an_empty_text_counts() -> None:
    found = first_difference([line("a", transaction_id="")], [line("a")])
    assert found is not None
    assert (found.archived, found.calculated) == ("", None)
    assert lines_hash([line("a", transaction_id="")]) != lines_hash([line("a")])


def test_the_hash_of_lines_leaves_the_run_out_and_nothing_else() -> None:
    one = line("a", run_id="r1", amount="1.00")
    assert lines_hash([one]) == lines_hash([line("a", run_id="r2", amount="1.00")])
    for column in COLUMNS:
        if column != "run_id":
            assert lines_hash([one]) != lines_hash(
                [line(**{"line_id": "a", "run_id": "r1", "amount": "1.00"} | {column: "x"})]
            )
