"""Files as people write them and moments that once paid wrongly: what each case has to give.

The inputs lie in ``tests/cases/<name>/``. Each is imported through the command line, in this process and in a home of
its own; where pay is the point, the marts are computed from what was landed. ``test_shared_cases_run`` runs the same
cases as a whole.
"""

from __future__ import annotations

import json
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.cli.app import main
from tests.support.landed import computed

CASES = Path(__file__).resolve().parents[1] / "cases"
DEALS = (
    "select deal_id, cast(amount as varchar), cast(signed_at as varchar) from raw_files.deals order by all"
)
LINES = "select employee_id, deal_id, amount, status, reason from marts.fct_payout_lines order by all"


@pytest.fixture
def home(empty_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(empty_home, tmp_path / "home")
    monkeypatch.setenv("INCENTIVES_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("INCENTIVES_PLANS", raising=False)
    return tmp_path / "home"


class Import:
    """One ``incentives import`` and what it left."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str], *words: str | Path) -> None:
        self.home = home
        with pytest.raises(SystemExit) as ended:
            main(["import", *map(str, words), "--json"])
        said = capsys.readouterr()
        self.status = ended.value.code or 0
        self.report: dict[str, Any] = json.loads(said.out)
        assert "Traceback" not in said.out + said.err

    @property
    def reasons(self) -> dict[str, list[tuple[int, str, str | None]]]:
        """Line, field and value of the rows in quarantine, by reason."""
        return {
            group["reason"]: [(one["line"], one["field"], one["value"]) for one in group["samples"]]
            for group in self.report["quarantine"]
        }

    @property
    def message(self) -> str:
        """What a refusal says."""
        return str(self.report["error"]["message"])

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of the raw layer."""
        with duckdb.connect(str(self.home / "warehouse.duckdb"), read_only=True) as connection:
            return connection.execute(sql).fetchall()


@pytest.fixture
def land(home: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    return lambda *words: Import(home, capsys, *words)


def _mapping(tmp_path: Path, case: str, old: str, new: str) -> Path:
    """The mapping of a case with the words that were missing in it."""
    text = (CASES / case / "mapping.yml").read_text(encoding="utf-8")
    assert old in text
    written = tmp_path / "mapping.yml"
    written.write_text(text.replace(old, new), encoding="utf-8")
    return written


def test_amounts_as_people_write_them(land: Any, tmp_path: Path) -> None:
    case = CASES / "amounts-as-people-write-them"
    bare = land(case / "d", "--mapping", case / "mapping.yml", "--check")
    assert bare.status == 1
    assert bare.report["totals"] == {"rows_in": 5, "accepted": 0, "quarantined": 5}
    assert "a mapping that says it (connectors/files/README.md)" in bare.report["quarantine"][0]["advice"]
    number = '{column: Amount, number: {thousands: ",", units: [¥, CNY, 元]}}'
    done = land(case / "d", "--mapping", _mapping(tmp_path, case.name, "amount: Amount", f"amount: {number}"))
    assert [row[1] for row in done.rows(DEALS)] == ["12345.60"] * 5
    number = '{column: Amount, number: {decimal: ",", thousands: [".", " "], units: [€]}}'
    eu = land(case / "eu", "--mapping", _mapping(tmp_path, case.name, "amount: Amount", f"amount: {number}"))
    assert [row[1] for row in eu.rows(DEALS)] == ["12345.60"] * 7
    assert eu.report["totals"] == {"rows_in": 2, "accepted": 2, "quarantined": 0}


def test_amounts_with_float_noise(land: Any) -> None:
    done = land(CASES / "amounts-with-float-noise" / "d")
    assert sorted(row[1] for row in done.rows(DEALS)) == ["1234567.89", "300.30", "57.70"]
    assert [value for _, _, value in done.reasons["too_precise"]] == ["864.192"]


def test_chinese_date_format_of_spreadsheets(land: Any) -> None:
    done = land(CASES / "chinese-date-format-of-spreadsheets" / "d")
    assert [row[2] for row in done.rows(DEALS)] == ["2026-01-04 16:00:00", "2026-01-05 16:00:00"]


def test_currency_word_that_is_no_code(land: Any) -> None:
    case = CASES / "currency-word-that-is-no-code"
    done = land(case / "d")
    assert done.rows("select currency from raw_files.deals") == [("CNY",)]
    marts = computed(done.home, case / "p.yml", ["fct_payout_lines"])
    assert marts.query(LINES) == [("E01", "D1", Decimal("50.00"), "earned", None)]


@pytest.mark.parametrize(
    ("folder", "date_format", "signed"),
    [
        ("d", "excel-1900", ["2026-01-04 16:00:00", "2026-01-05 02:30:00"]),
        ("ms", "unix-milliseconds", ["2026-01-05 01:00:00"]),
    ],
)
def test_dates_as_numbers(
    land: Any, tmp_path: Path, folder: str, date_format: str, signed: list[str]
) -> None:
    case = CASES / "dates-as-numbers"
    new = f"signed_at: {{column: Closed, date_format: {date_format}}}"
    done = land(case / folder, "--mapping", _mapping(tmp_path, case.name, "signed_at: Closed", new))
    assert [row[2] for row in done.rows(DEALS)] == signed


def test_formulas_without_results(land: Any) -> None:
    done = land(CASES / "formulas-without-results" / "d", "--check")
    assert [line for line, _, _ in done.reasons["formula_without_result"]] == [2]
    assert "open the workbook in a spreadsheet program" in done.report["quarantine"][0]["advice"]


def test_header_with_a_unit(land: Any) -> None:
    done = land(CASES / "header-with-a-unit" / "d", "--check")
    assert done.status == 1
    assert "签约日期" in done.message
    assert "did you mean '签约时间'" in done.message


def test_order_lines(land: Any, tmp_path: Path) -> None:
    case = CASES / "order-lines"
    plain = land(case / "d", "--mapping", case / "mapping.yml", "--check")
    assert [line for line, _, _ in plain.reasons["conflicting_rows"]] == [2, 3]
    grouped = _mapping(tmp_path, case.name, "from: o\n", "from: o\n    group: {sum: [amount]}\n")
    done = land(case / "d", "--mapping", grouped)
    assert [row[:2] for row in done.rows(DEALS)] == [("CA-1001", "993.90"), ("CA-1002", "14.62")]
    assert done.rows("select _lines from raw_files.deals where deal_id = 'CA-1001'") == [("2,3",)]


@pytest.mark.parametrize("folder", ["d", "sep"])
def test_title_above_the_header(land: Any, folder: str) -> None:
    done = land(CASES / "title-above-the-header" / folder)
    assert done.report["totals"] == {"rows_in": 1, "accepted": 1, "quarantined": 0}
    assert [row[1] for row in done.rows(DEALS)] == ["100.00"]


def test_trailing_empty_fields(land: Any) -> None:
    done = land(CASES / "trailing-empty-fields" / "d", "--check")
    assert done.report["totals"] == {"rows_in": 3, "accepted": 3, "quarantined": 0}


def test_western_encoding_read_as_chinese(land: Any) -> None:
    case = CASES / "western-encoding-read-as-chinese" / "d"
    refused = land(case, "--check")
    assert refused.status == 1
    assert "Windows-1252" in refused.message
    done = land(case, "--encoding", "windows-1252")
    names = [name for (name,) in done.rows("select name from raw_files.customers order by customer_id")]
    assert names == ["Müller & Söhne GmbH", "Grünbaum KG", "Brötchen Bühler"]


PAID: dict[str, list[tuple[str, str, str, str, str | None]]] = {
    "installments-of-one-deal": [
        ("E01", "D1", "16.66", "earned", None),
        ("E01", "D1", "16.67", "earned", None),
        ("E01", "D1", "16.67", "earned", None),
    ],
    "last-fact-with-milliseconds": [
        ("E01", "D1", "50.00", "earned", None),
        ("E02", "D2", "50.00", "earned", None),
    ],
    "split-rows-in-quarantine": [("E01", "D1", "500.00", "held", "row_in_quarantine")],
    "three-thirds": [
        ("E01", "D1", "1.67", "earned", None),
        ("E02", "D1", "1.67", "earned", None),
        ("E03", "D1", "1.66", "earned", None),
    ],
}


@pytest.mark.parametrize("case", PAID)
def test_what_is_paid(land: Any, case: str) -> None:
    done = land(CASES / case / "d")
    marts = computed(done.home, CASES / case / "p.yml", ["fct_payout_lines"])
    assert [(*row[:2], str(row[2]), *row[3:]) for row in marts.query(LINES)] == PAID[case]


def test_a_day_between_two_plans(land: Any, capsys: pytest.CaptureFixture[str]) -> None:
    case = CASES / "a-day-between-two-plans"
    with pytest.raises(SystemExit):
        main(["plan", "validate", str(case / "plans")])
    said = " ".join(capsys.readouterr().out.split())
    assert "q1 ends before 2026-03-31, q2 begins on 2026-04-01" in said
    assert "on 2026-03-31" in said
    done = land(case / "d")
    marts = computed(done.home, case / "plans", ["fct_payout_lines"])
    held = [row for row in marts.query(LINES) if row[1] == "D2"]
    assert [row[3:] for row in held] == [("held", "no_plan")]


def test_placeholder_company_names(land: Any) -> None:
    case = CASES / "placeholder-company-names"
    done = land(case / "d")
    marts = computed(done.home, case / "p.yml", ["fct_payout_lines", "fct_lead_validity"])
    points = marts.query(
        "select employee_id, amount from marts.fct_payout_lines where component = 'points' order by all"
    )
    assert points == [("M1", Decimal("70.00")), ("M2", Decimal("70.00"))]
    assert marts.query("select count(*), count(*) filter (where is_valid) from marts.fct_lead_validity") == [
        (14, 14)
    ]


def test_a_home_with_an_apostrophe(
    land: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    case = CASES / "home-with-an-apostrophe"
    home = tmp_path / "it's pay" / "var"
    monkeypatch.setenv("INCENTIVES_HOME", str(home))
    done = Import(home, capsys, case / "d")
    assert done.status == 0
    marts = computed(home, case / "p.yml", ["fct_payout_lines"])
    assert [row[2:4] for row in marts.query(LINES)] == [(Decimal("50.00"), "earned")]
