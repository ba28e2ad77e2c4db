"""Parquet of every type is read as its exact text."""

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from files_support import Home, deal, validate_delivery

from connectors.files import DeliveryRejected

DEAL = dict(
    zip(
        ["deal_id", "customer_id", "owner_employee_id", "amount", "currency", "signed_at", "status"],
        deal().split(","),
        strict=True,
    )
)


def write(folder: Path, **columns: Any) -> Path:
    folder.mkdir(exist_ok=True)
    table = {name: columns.get(name, [value]) for name, value in DEAL.items()}
    pq.write_table(pa.table(table | columns), folder / "deals.parquet")
    return folder


@pytest.mark.parametrize(
    ("amount", "landed"),
    [
        (pa.array([57.699999999999996]), "57.70"),
        (pa.array([1234567.8900000001]), "1234567.89"),
        (pa.array([0.1 + 0.2]), "0.30"),
        (pa.array([100.0]), "100.00"),
        (pa.array([0.1], pa.float32()), "0.10"),
        (pa.array([1234567], pa.int32()), "1234567.00"),
        (pa.array([Decimal("5.1000000000")], pa.decimal128(38, 10)), "5.10"),
        (pa.array([Decimal("-0.00")], pa.decimal128(9, 2)), "0.00"),
    ],
)
def test_numbers_of_every_type(home: Home, tmp_path: Path, amount: pa.Array, landed: str):
    home.load(write(tmp_path / "d", amount=amount))
    assert home.query("select cast(amount as varchar) from raw_files.deals") == [(landed,)]


@pytest.mark.parametrize(
    ("amount", "reason"),
    [
        (pa.array([864.192]), "too_precise"),
        (pa.array([Decimal("5.101")], pa.decimal128(38, 10)), "too_precise"),
        (pa.array([float("inf")]), "wrong_type"),
        (pa.array([float("nan")]), "missing_required"),
    ],
)
def test_numbers_that_are_no_amounts(tmp_path: Path, amount: pa.Array, reason: str):
    assert [group.reason for group in validate_delivery(write(tmp_path / "d", amount=amount)).quarantine] == [
        reason
    ]


SHANGHAI = dt.timezone(dt.timedelta(hours=8))


@pytest.mark.parametrize(
    "signed_at",
    [
        pa.array([dt.datetime(2026, 1, 5, 10, 30, tzinfo=SHANGHAI)], pa.timestamp("us", tz="Asia/Shanghai")),
        pa.array(
            [dt.datetime(2026, 1, 5, 10, 30, tzinfo=SHANGHAI)], pa.timestamp("ms", tz="America/New_York")
        ),
        pa.array([dt.datetime(2026, 1, 5, 10, 30, tzinfo=SHANGHAI)], pa.timestamp("ns", tz="UTC")),
        pa.array([dt.datetime(2026, 1, 5, 10, 30)], pa.timestamp("ns")),  # noqa: DTZ001 (local time)
        pa.array([dt.datetime(2026, 1, 5, 10, 30)], pa.timestamp("s")),  # noqa: DTZ001
        pa.array(["2026-01-05T10:30+08:00"]).dictionary_encode(),
    ],
)
def test_times_of_every_unit_and_zone(home: Home, tmp_path: Path, signed_at: pa.Array):
    home.load(write(tmp_path / "d", signed_at=signed_at))
    assert home.query("select cast(signed_at as varchar) from raw_files.deals") == [("2026-01-05 02:30:00",)]


def test_old_timestamps_of_spark_are_read(home: Home, tmp_path: Path):
    folder = write(tmp_path / "d")
    table = pq.read_table(folder / "deals.parquet")
    moment = pa.array([dt.datetime(2026, 1, 5, 2, 30)], pa.timestamp("ns"))  # noqa: DTZ001
    table = table.set_column(5, "signed_at", moment)
    pq.write_table(table, folder / "deals.parquet", use_deprecated_int96_timestamps=True)
    home.load(folder, timezone="UTC")
    assert home.query("select cast(signed_at as varchar) from raw_files.deals") == [("2026-01-05 02:30:00",)]


@pytest.mark.parametrize(
    ("value", "landed"),
    [
        (pa.array([9_223_372_036_854_775_807], pa.int64()), "9223372036854775807"),
        (pa.array([18_446_744_073_709_551_615], pa.uint64()), "18446744073709551615"),
        (pa.array(["客户1"]).dictionary_encode(), "客户1"),
        (pa.array(["客户1".encode()], pa.binary()), "客户1"),
        (pa.array(["x"], pa.large_string()), "x"),
    ],
)
def test_ids_of_every_type_keep_all_their_signs(home: Home, tmp_path: Path, value: pa.Array, landed: str):
    home.load(write(tmp_path / "d", customer_id=value))
    assert home.query("select customer_id from raw_files.deals") == [(landed,)]


def test_nested_columns_are_kept_as_json(home: Home, tmp_path: Path):
    nested = {
        "tags": pa.array([["a", "b"]]),
        "who": pa.array([{"name": "Ann", "age": 3}]),
        "fixed": pa.array([[1, 2]], pa.list_(pa.int32(), 2)),
        "pairs": pa.array([[("k", 1)]], pa.map_(pa.string(), pa.int32())),
    }
    home.load(write(tmp_path / "d", **nested))
    ((extra,),) = home.query("select extra from raw_files.deals")
    kept = {name: json.loads(value) for name, value in json.loads(extra).items()}
    assert kept == {"tags": ["a", "b"], "who": {"name": "Ann", "age": 3}, "fixed": [1, 2], "pairs": {"k": 1}}


def test_a_folder_called_like_a_partition_adds_no_column(home: Home, tmp_path: Path):
    (tmp_path / "product=x").mkdir()
    home.load(write(tmp_path / "product=x" / "d"))
    assert home.query("select product, extra from raw_files.deals") == [(None, None)]


def test_decimals_the_engine_would_misread_are_refused(tmp_path: Path):
    amount = pa.array([Decimal("7.25")], pa.decimal256(50, 2))
    with pytest.raises(DeliveryRejected, match="more than 38 digits are not read: amount"):
        validate_delivery(write(tmp_path / "d", amount=amount))


def test_a_damaged_file_is_named(tmp_path: Path):
    path = write(tmp_path / "d") / "deals.parquet"
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(DeliveryRejected, match="no readable Parquet"):
        validate_delivery(tmp_path / "d")
