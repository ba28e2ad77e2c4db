"""`incentives.read`: typed rows of a published mart, and errors that say what there is."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

import incentives
from serving import ServingError, publish
from serving.errors import NothingPublishedError, UnknownColumnError, UnknownMartError, UnknownPeriodError
from tests.unit.serving import warehouse as tiny

MONTHS = """
    create table marts.dim_period as select * from (values
        ('2026-09', date '2026-09-01'), ('2026-10', date '2026-10-01'), ('2026-11', date '2026-11-01')
    ) as t(period, starts_on)
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a publication of three computed months."""
    publish(tiny.build(tmp_path / "w.duckdb", MONTHS), tmp_path / "home" / "published", publication={})
    return tmp_path / "home"


def test_rows_of_a_month_have_the_types_of_the_mart(home: Path) -> None:
    payouts = incentives.read("fct_payouts", period="2026-10", home=home)
    assert payouts["employee_id"].tolist() == ["E1", "E2"]
    assert payouts.dtypes["payable"] == pd.ArrowDtype(pa.decimal128(18, 2))
    assert payouts.dtypes["period"] == pd.ArrowDtype(pa.string())
    assert payouts["net"].sum() == Decimal("20.00")
    calendar = incentives.read("dim_period", home=home)
    assert calendar["starts_on"].tolist()[0] == date(2026, 9, 1)


def test_sums_of_decimals_are_exact_also_by_group(tmp_path: Path) -> None:
    tenth = "cast(0.1 as decimal(18,2))"
    cents = f"create table marts.fct_cents as select i % 2 as half, {tenth} as amount from range(10) as t(i)"
    publish(tiny.build(tmp_path / "w.duckdb", cents), tmp_path / "published", publication={})
    frame = incentives.read("fct_cents", home=tmp_path)
    assert str(frame["amount"].sum()) == "1.00"
    sums = frame.groupby("half")["amount"].sum()
    assert sums.tolist() == [Decimal("0.50")] * 2
    typed = sums.astype(frame["amount"].dtype)
    assert (typed + typed).tolist() == [Decimal("1.00")] * 2, "as docs/marts.md tells"


def test_null_is_missing_and_makes_no_number_a_float(tmp_path: Path) -> None:
    holes = (
        "create table marts.fct_holes as select * from (values (1, 1.50), (null, null)) as t(number, amount)"
    )
    publish(tiny.build(tmp_path / "w.duckdb", holes), tmp_path / "published", publication={})
    frame = incentives.read("fct_holes", home=tmp_path)
    assert frame.dtypes["number"] == pd.ArrowDtype(pa.int32())
    assert frame["number"].dropna().tolist() == [1]
    assert frame["amount"].isna().tolist() == [False, True]


def test_columns_come_in_the_order_asked_for_and_several_months_together(home: Path) -> None:
    lines = incentives.read(
        "fct_payout_lines", period=["2026-10", "2026-11"], columns=["amount", "period"], home=home
    )
    assert list(lines.columns) == ["amount", "period"]
    assert sorted(lines["period"]) == ["2026-10", "2026-10", "2026-11"]
    assert incentives.read("fct_payouts", columns="net", home=home).shape == (3, 1)


def test_a_computed_month_without_rows_is_empty_and_typed(home: Path) -> None:
    payouts = incentives.read("fct_payouts", period="2026-09", home=home)
    assert payouts.empty
    assert payouts.dtypes["payable"] == pd.ArrowDtype(pa.decimal128(18, 2))


def test_the_home_is_that_of_the_environment(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INCENTIVES_HOME", str(home))
    assert len(incentives.read("dim_employee")) == 2


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        (("fct_payout",), UnknownMartError, r"no mart 'fct_payout'\. Did you mean 'fct_payouts'\?"),
        (("xyz",), UnknownMartError, r"no mart 'xyz'\. There are: dim_employee, "),
        (("fct_payouts", "2026-13"), UnknownPeriodError, "There is 2026-09 to 2026-11"),
        (("fct_payouts", None, ["nett"]), UnknownColumnError, r"no column 'nett'\. Did you mean 'net'\?"),
        (("fct_payouts", None, []), ServingError, "There are: employee_id"),
        (("dim_employee", "2026-10"), ServingError, "has no column period"),
    ],
)
def test_what_is_not_there_is_named_with_what_is(
    home: Path, arguments: tuple[object, ...], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        incentives.read(*arguments, home=home)


def test_without_a_publication_the_reader_is_told_to_run(tmp_path: Path) -> None:
    with pytest.raises(NothingPublishedError, match="incentives run"):
        incentives.read("fct_payouts", home=tmp_path)
