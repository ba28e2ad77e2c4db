"""The snapshot carries descriptions and keys, and SQLAlchemy reflects it."""

from pathlib import Path

import duckdb
import pytest
import sqlalchemy as sa

from serving import MartDocument, PublicationError, publish
from tests.unit.serving import warehouse as tiny

PAYOUTS = MartDocument(
    "Payouts; what's paid.",
    {"employee_id": "Employee.", "net": "What's left."},
    frozenset({"employee_id", "period", "currency", "net"}),
    ("employee_id", "period", "currency"),
)
EMPLOYEES = MartDocument("Employees.", {}, frozenset(), ("employee_id",))


@pytest.fixture
def snapshot(computed: Path, tmp_path: Path) -> Path:
    """The snapshot of a publication with two documents."""
    documents = {"fct_payouts": PAYOUTS, "dim_employee": EMPLOYEES}
    return publish(computed, tmp_path / "p", publication={}, documents=documents).folder / "incentives.duckdb"


def test_tables_and_columns_have_comments_keys_and_not_null(snapshot: Path) -> None:
    with duckdb.connect(str(snapshot), read_only=True) as reader:
        tables = dict(reader.execute("select table_name, comment from duckdb_tables()").fetchall())
        columns = reader.execute(
            "select column_name, comment, is_nullable from duckdb_columns() where table_name = 'fct_payouts'"
        ).fetchall()
        keys = reader.execute(
            "select table_name, constraint_column_names from duckdb_constraints() where constraint_type = 'PRIMARY KEY'"
        ).fetchall()
    assert tables["fct_payouts"] == "Payouts; what's paid."
    assert tables["fct_credits"] is None
    assert ("net", "What's left.", False) in columns
    assert ("held", None, True) in columns
    assert keys == [("fct_payouts", ["employee_id", "period", "currency"])]


def test_rows_that_break_the_key_stop_the_publication(tmp_path: Path) -> None:
    warehouse = tiny.build(
        tmp_path / "w.duckdb", "insert into marts.fct_payouts from marts.fct_payouts limit 1"
    )
    with pytest.raises(PublicationError, match=r"marts\.fct_payouts are not what its yml promises"):
        publish(warehouse, tmp_path / "p", publication={}, documents={"fct_payouts": PAYOUTS})
    assert not (tmp_path / "p" / "current").exists()


@pytest.mark.filterwarnings("ignore:duckdb-engine doesn't yet support reflection on indices")
def test_sqlalchemy_reflects_tables_types_and_comments_and_no_keys(snapshot: Path) -> None:
    engine = sa.create_engine(f"duckdb:///{snapshot}", connect_args={"read_only": True})
    metadata = sa.MetaData()
    metadata.reflect(engine, schema="marts")
    payouts = metadata.tables["marts.fct_payouts"]
    net = payouts.columns["net"]
    assert (net.comment, net.nullable, payouts.columns["held"].nullable) == ("What's left.", False, True)
    assert isinstance(net.type, sa.Numeric)
    assert (net.type.precision, net.type.scale) == (18, 2)
    with engine.connect() as connection:
        total = connection.execute(
            sa.select(sa.func.sum(net)).where(payouts.columns["employee_id"] == "E1")
        ).scalar_one()
    assert str(total) == "15.00"
    assert (
        sa.inspect(engine).get_table_comment("fct_payouts", schema="marts")["text"] == "Payouts; what's paid."
    )
    # the limit that docs/marts.md tells: duckdb-engine 0.17 finds keys through pg_index, which DuckDB leaves empty
    assert list(payouts.primary_key.columns) == []
