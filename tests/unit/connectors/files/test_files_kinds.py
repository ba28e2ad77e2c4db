"""What is no regular file of the delivery is refused before it is opened; paths are data, whatever signs they have."""

import os
import socket
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from files_support import Deliver, Home, deal, deals_csv, validate_delivery

from connectors.common.landing import LandingTable, land
from connectors.files import ImportProblem, ensure_raw_tables

GOOD = deals_csv(deal())


def refused(folder: Path) -> ImportProblem:
    with pytest.raises(ImportProblem) as caught:
        validate_delivery(folder)
    assert caught.value.exit_code == 2
    assert caught.value.hint
    return caught.value


def test_a_pipe_is_refused_and_never_waited_for(deliver: Deliver):
    folder = deliver({"leads.csv": "x"})
    os.mkfifo(folder / "deals.csv")
    assert "a pipe" in refused(folder).what


def test_a_socket_is_refused(deliver: Deliver, monkeypatch: pytest.MonkeyPatch):
    folder = deliver({})
    monkeypatch.chdir(folder)  # the path of a socket may have a hundred characters at most
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("deals.csv")
        assert "a socket" in refused(folder).what


def test_a_link_to_a_device_or_out_of_the_delivery_or_to_nothing_is_refused(deliver: Deliver, tmp_path: Path):
    secret = tmp_path / "secret.csv"
    secret.write_text(GOOD, encoding="utf-8")
    for target, words in [
        ("/dev/zero", "a device"),
        (str(secret), "leads out of the delivery"),
        ("../secret.csv", "leads out of the delivery"),
        ("nowhere", "leads nowhere"),
        ("deals.csv", "leads nowhere"),
        (str(tmp_path), "a folder"),
    ]:
        folder = deliver({})
        (folder / "deals.csv").symlink_to(target)
        assert words in refused(folder).what


def test_a_folder_with_the_name_of_a_file_is_refused(deliver: Deliver):
    folder = deliver({"leads.csv": "x"})
    (folder / "deals.csv").mkdir()
    assert "flat folder" in refused(folder).what


def test_a_delivery_that_is_itself_a_link_is_read(deliver: Deliver, tmp_path: Path):
    (tmp_path / "latest").symlink_to(deliver({"deals.csv": GOOD}))
    assert validate_delivery(tmp_path / "latest").accepted == 1


def test_a_file_that_may_not_be_read_is_named(deliver: Deliver, monkeypatch: pytest.MonkeyPatch):
    folder = deliver({"deals.csv": GOOD})

    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    problem = refused(folder)
    assert "cannot be read" in problem.what
    assert "Permission denied" in problem.hint


def test_control_characters_of_a_name_are_shown_escaped(deliver: Deliver):
    folder = deliver({})
    os.mkfifo(folder / "a\x1b[31m\u202e.csv")
    assert refused(folder).where.endswith(r"a\x1b[31m\u202e.csv")


ODD = ["it's", 'a"b', "a#b", "a%b", "a;b", "a$b", "a[1]", "a*b", "a=b", "a b", "q\nw", "金额", "{{ x }}"]


@pytest.mark.parametrize("name", ODD)
def test_signs_of_a_path_mean_nothing(tmp_path: Path, name: str):
    folder, home = tmp_path / name / "in", Home(tmp_path / name / "w.duckdb", tmp_path / name / "dlt")
    folder.mkdir(parents=True)
    (folder / "deals.csv").write_text(GOOD, encoding="utf-8")
    table = {column: [value] for column, value in zip(["course_id", "title"], ["K1", "x"], strict=True)}
    pq.write_table(pa.table(table), folder / "courses.parquet")
    (tmp_path / "axb" / "in").mkdir(parents=True)  # what a pattern such as a*b would find besides
    pq.write_table(
        pa.table({"course_id": ["K2"], "title": ["y"]}), tmp_path / "axb" / "in" / "courses.parquet"
    )
    ensure_raw_tables(home.warehouse, home.dlt_dir)
    report = home.load(folder)
    assert report.accepted == 2
    assert home.query("select deal_id from raw_files.deals") == [("D1",)]
    assert home.query("select course_id, extra from raw_files.courses") == [("K1", None)]
    assert home.load(folder).already_imported


def test_a_second_load_goes_on_from_what_the_warehouse_remembers(tmp_path: Path):
    """Under an odd path the working folder is a new one each time."""
    home = tmp_path / "it's"
    schema = pa.schema([("a", pa.int64())])
    for value in (1, 2):
        rows = pa.table({"a": [value]}, schema=schema)
        table = LandingTable("t", schema, lambda rows=rows: iter([rows]))
        land([table], pipeline="p", dataset="d", warehouse=home / "w.duckdb", dlt_dir=home / "dlt")
    assert Home(home / "w.duckdb", home / "dlt").query("select a from d.t order by a") == [(1,), (2,)]
