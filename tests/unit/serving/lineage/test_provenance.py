"""Every payout line leads back to its source rows and its plan."""

import json
from pathlib import Path

import duckdb
import pytest

from serving import (
    AmbiguousLineError,
    DatabaseMissingError,
    NotComputedError,
    UnknownLineError,
    explain_line,
    publish,
)
from tests.unit.serving.warehouse import ID_CLOSING, ID_POINTS, ID_REFUND


def test_a_commission_line_leads_to_its_credit_deal_source_row_and_plan(computed: Path) -> None:
    found = explain_line(computed, ID_CLOSING)
    assert found.line["amount"] == "20.00"
    assert [credit["credit_id"] for credit in found.credits] == ["K1"]
    assert found.deal is not None
    assert found.deal["source"] == "marketing"
    (source,) = found.sources
    assert (source.file, source.line, source.location) == ("deals.csv", 3, "deals.csv:3")
    assert source.values == {
        "deal_id": "D1",
        "amount": "1000.00",
        "signed_at": "2026-10-05 00:00:00",
        "extra": '{"note":"x"}',
    }
    assert found.plan is not None
    assert (found.plan.plan_id, found.plan.content) == ("p1", "plan_id: p1")
    assert found.component is not None
    assert (found.component.type, found.component.definition["rates"]) == (
        "commission",
        {"marketing": "0.02"},
    )
    assert found.component.crediting == {"basis": "signed"}
    assert [credit["credit_id"] for credit in found.inputs["pool_credits"]] == ["K1", "K3", "K2"]
    assert found.notes == ()


def test_a_refund_line_names_the_deal_first_and_the_transaction(computed: Path) -> None:
    found = explain_line(computed, ID_REFUND)
    assert [credit["credit_id"] for credit in found.credits] == ["K2"]
    assert [(source.source_table, source.location) for source in found.sources] == [
        ("deals", "deals.csv:3"),
        ("transactions", "tx.csv:7"),
    ]
    assert [line["line_id"] for line in found.lines] == [ID_CLOSING]


def test_a_line_without_a_deal_is_explained_by_its_figures_as_far_as_they_go(computed: Path) -> None:
    found = explain_line(computed, ID_POINTS)
    assert (found.credits, found.deal, found.plan, found.component) == ((), None, None, None)
    assert [row["lead_id"] for row in found.inputs["points"]] == ["L1"]
    (figure,) = found.figures
    assert (figure.kind, figure.name, figure.figures, figure.records) == (
        "measure",
        "valid_leads",
        {"value": "1"},
        ("leads L1",),
    )
    assert [(source.key, source.values) for source in found.sources] == [("leads L1", None)]
    assert found.notes == (
        "landed rows of files.leads are not in this database; ask the warehouse",
        "no loaded plan has the hash h9",
    )


def test_the_first_characters_are_enough(computed: Path) -> None:
    assert explain_line(computed, " bb ").line_id == ID_POINTS


def test_characters_of_several_lines_are_refused_with_the_candidates(computed: Path) -> None:
    with pytest.raises(AmbiguousLineError, match=ID_REFUND):
        explain_line(computed, "aa")


@pytest.mark.parametrize("wanted", ["cc", "", "aa11'; drop table marts.fct_payout_lines; --"])
def test_an_unknown_line_is_refused_with_a_hint(computed: Path, wanted: str) -> None:
    with pytest.raises(UnknownLineError, match=r"there are 3 lines.*Take the line_id from"):
        explain_line(computed, wanted)


def test_a_published_snapshot_answers_without_landed_rows(computed: Path, tmp_path: Path) -> None:
    publish(computed, tmp_path / "published", publication={})
    found = explain_line(tmp_path / "published" / "incentives.duckdb", ID_CLOSING)
    assert found.sources[0].content_hash == "same"
    assert found.plan is not None
    assert found.plan.content == "plan_id: p1"
    assert found.notes == (
        "the figures between the line and its rows are not in this database; ask the warehouse",
        "landed rows of files.deals are not in this database; ask the warehouse",
    )


def test_a_database_without_marts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatabaseMissingError):
        explain_line(tmp_path / "none.duckdb", "aa")
    duckdb.connect(str(tmp_path / "empty.duckdb")).close()
    with pytest.raises(NotComputedError, match="fct_payout_lines"):
        explain_line(tmp_path / "empty.duckdb", "aa")


def test_an_explanation_is_plain_data(computed: Path) -> None:
    found = explain_line(computed, ID_CLOSING)
    assert json.loads(json.dumps(found.as_dict()))["sources"][0]["line"] == 3
