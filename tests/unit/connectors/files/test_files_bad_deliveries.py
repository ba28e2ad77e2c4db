"""Deliveries refused as a whole say what is wrong, where, and what to do; and nothing is landed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from files_support import DEAL_HEADER, Deliver, Home, deal, deals_csv, validate_delivery

from connectors.common.errors import UserError
from connectors.files import DeliveryRejected, ImportProblem

GOOD = deals_csv(deal())


def problem(folder: Path) -> ImportProblem:
    with pytest.raises(ImportProblem) as caught:
        validate_delivery(folder)
    found = caught.value
    assert found.what
    assert found.where
    assert found.hint
    assert found.hint in str(found)
    return found


@pytest.mark.parametrize(
    ("files", "error", "words"),
    [
        (
            {"deals.csv": "deal_id,customer_id\nD1,C1\n"},
            DeliveryRejected,
            ["owner_employee_id (负责人编号)", "amount"],
        ),
        ({"deals.csv": GOOD.replace("amount", "ammount")}, DeliveryRejected, ["did you mean 'amount'"]),
        ({"deals.csv": f"{DEAL_HEADER},amount\n"}, DeliveryRejected, ["both name the column amount"]),
        ({"deals.csv": f"{DEAL_HEADER},金额\n"}, DeliveryRejected, ["'amount'", "'金额'"]),
        (
            {"journey_events.csv": "event_id,stage,occurred_at\n"},
            DeliveryRejected,
            ["or lead_id (线索编号)"],
        ),
        ({"deals.pdf": GOOD}, DeliveryRejected, ["wrong file type '.pdf'", ".xlsx"]),
        ({"deals.xls": GOOD}, DeliveryRejected, ["wrong file type '.xls'"]),
        ({"deals.xlsx": GOOD}, DeliveryRejected, ["wrong file type", "plain text or damaged"]),
        ({"deals.parquet": b"PAR1 nonsense"}, DeliveryRejected, ["no readable Parquet"]),
        ({"deals.xlsx": b"PK\x03\x04 nonsense"}, DeliveryRejected, ["no readable XLSX"]),
        ({"deals.csv": b"PK\x03\x04 nonsense"}, DeliveryRejected, ["the content is .xlsx"]),
        ({"deals.csv": b"\xff\xfed"}, DeliveryRejected, ["begins like UTF-16 but is not"]),
        ({"deals.csv": GOOD.encode("utf-16-le")}, DeliveryRejected, ["NUL", "utf-16-le"]),
        ({"deals.csv": GOOD.encode() + b"\xff\xff\n"}, DeliveryRejected, ["neither UTF-8 nor GB18030"]),
        ({"deals.csv": GOOD + "a\x00b"}, DeliveryRejected, ["NUL"]),
        ({"deals.csv": GOOD + '"open'}, DeliveryRejected, ["record starting on line 3", "quote"]),
        ({"deals.csv": ""}, ImportProblem, ["the file is empty"]),
        ({"deals.csv": "\ufeff\n \n".replace(" ", "")}, ImportProblem, ["the file is empty"]),
        (
            {"dealz.csv": GOOD},
            ImportProblem,
            ["unknown file 'dealz.csv'", "did you mean 'deals'", "adjustments"],
        ),
        ({"deals.csv": GOOD, "notes.txt": "x"}, ImportProblem, ["unknown file 'notes.txt'"]),
        ({"deals.csv": GOOD, "Deals.xlsx": b"PK"}, ImportProblem, ["Deals.xlsx", "deals.csv"]),
        ({"README.md": "x", ".hidden": "y"}, ImportProblem, ["no data file"]),
    ],
)
def test_a_delivery_is_refused_with_words_that_help(
    deliver: Deliver, files: dict[str, str | bytes], error: type[ImportProblem], words: list[str]
):
    found = problem(deliver(files))
    assert type(found) is error
    assert found.exit_code == (1 if error is DeliveryRejected else 2)
    for word in words:
        assert word in str(found)


def test_a_missing_folder_and_a_folder_in_the_folder_are_named(deliver: Deliver, tmp_path: Path):
    assert "no such folder" in problem(tmp_path / "nowhere").what
    folder = deliver({"deals.csv": GOOD})
    (folder / "older").mkdir()
    assert "flat folder" in problem(folder).what


def test_an_unknown_time_zone_is_named(deliver: Deliver):
    with pytest.raises(ImportProblem, match="'Asia/Shangai' is not a valid time zone"):
        validate_delivery(deliver({"deals.csv": GOOD}), timezone="Asia/Shangai")


def test_notes_markers_and_lock_files_are_no_data(deliver: Deliver):
    noise = {"_READY": "", "manifest.json": "{}", "README.md": "x", ".DS_Store": "x", "~$deals.xlsx": "x"}
    assert validate_delivery(deliver({"deals.csv": GOOD} | noise)).accepted == 1


def test_one_bad_file_keeps_the_whole_delivery_out(home: Home, deliver: Deliver):
    folder = deliver({"deals.csv": GOOD, "leads.csv": "lead_id\nL1\n"})
    with pytest.raises(DeliveryRejected, match=r"leads\.csv"):
        home.load(folder)
    assert home.query("select count(*) from raw_files.deals") == [(0,)]
    assert home.query("select count(*) from raw_files.loads") == [(0,)]


def test_a_warehouse_that_is_being_written_is_named(
    home: Home, deliver: Deliver, locked: Callable[[Path], None]
):
    locked(home.warehouse)
    folder = deliver({"deals.csv": GOOD})
    with pytest.raises(UserError, match="another run may be writing it"):
        validate_delivery(folder, home.warehouse)
    with pytest.raises(UserError, match="another run may be writing it"):
        home.load(folder)


@pytest.fixture
def locked():
    import subprocess
    import sys

    held = []

    def lock(path: Path) -> None:
        code = f"import duckdb,sys; c = duckdb.connect({str(path)!r}); print('held', flush=True); sys.stdin.read()"
        process = subprocess.Popen(
            [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        held.append(process)
        assert process.stdout is not None
        process.stdout.readline()

    yield lock
    for process in held:
        process.communicate("")
