"""Whatever is changed or removed behind the back of the books is found, named, and stops what would rest on it.

Every value of every row of the ledger is changed in ``tests/unit/ledger/test_ledger_store.py``.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ledger.errors import ArchiveError, LedgerError
from orchestration.books import export, periods
from orchestration.books.calculation import calculate
from orchestration.books.verification import verify
from orchestration.errors import GateError
from tests.support.closing import FIRST, PretendCompany

MONTH = FIRST


def _longer(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b" ")


def _one_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


def _shorter(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


WAYS: list[Callable[[Path], None]] = [_longer, _one_byte, _shorter, Path.unlink]


def closed(company: PretendCompany) -> None:
    calculate(company.settings, MONTH, "ann")
    periods.approve(company.settings, MONTH, "bob")
    periods.lock(company.settings, MONTH, "bob")


def spoiled(paths: list[Path]) -> Iterator[Path]:
    """Every file spoiled in every way, one at a time, and put right again."""
    assert paths
    for path in paths:
        content = path.read_bytes()
        for way in WAYS:
            way(path)
            yield path
            path.write_bytes(content)


def test_every_file_of_an_archive_that_is_changed_or_gone_is_found_and_named(company: PretendCompany) -> None:
    closed(company)
    files = [path for path in company.settings.books.rglob("*") if path.is_file()]
    kinds = {path.suffix for path in files}
    assert kinds == {".parquet", ".yml", ".json"}
    assert verify(company.settings, None).is_whole
    for path in spoiled(files):
        found = verify(company.settings, None)
        assert not found.is_whole, path
        assert any(path.name in fault for fault in found.faults), (path, found.faults)
    assert verify(company.settings, None).is_whole


def test_every_file_of_a_hand_over_that_is_changed_or_gone_is_found_and_named(
    company: PretendCompany, tmp_path: Path
) -> None:
    closed(company)
    out = tmp_path / "out"
    export.export(company.settings, MONTH, out, None, "eve")
    assert verify(company.settings, None, handover=out).is_whole
    for path in spoiled(sorted(out.iterdir())):
        found = verify(company.settings, None, handover=out)
        assert [str(path) in fault for fault in found.faults] == [True], (path, found.faults)
    assert verify(company.settings, None, handover=out).is_whole


def test_a_hand_over_that_another_home_made_is_none_of_the_ledger(
    company: PretendCompany, tmp_path: Path
) -> None:
    closed(company)
    export.export(company.settings, MONTH, tmp_path / "out", "monthly_bonus_zh", "eve")
    shutil.copytree(tmp_path / "out", tmp_path / "other")
    manifest = tmp_path / "other" / "manifest.json"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace("100.00", "900.00"), encoding="utf-8")
    [fault] = verify(company.settings, None, handover=tmp_path / "other").faults
    assert "is the manifest of no export in the ledger" in fault


def test_nothing_is_exported_from_a_damaged_archive(company: PretendCompany, tmp_path: Path) -> None:
    closed(company)
    path = max((company.settings.books / "objects").rglob("*.parquet"))
    path.write_bytes(b"")
    with pytest.raises(ArchiveError):
        export.export(company.settings, MONTH, tmp_path / "out", None, "eve")
    assert not (tmp_path / "out").exists()


def test_a_run_over_a_ledger_that_was_tampered_with_stops(company: PretendCompany) -> None:
    closed(company)
    with sqlite3.connect(company.settings.ledger) as connection:
        connection.execute("drop trigger ledger_entries_no_update")
        connection.execute("update ledger_entries set by = 'eve' where sequence = 2")
    with pytest.raises(GateError, match="tampered with: entry 2 was changed"):
        company.run()
    assert not verify(company.settings, None).is_whole
    company.settings.ledger.unlink()
    with pytest.raises(GateError, match="the ledger is missing"):
        company.run()
    with pytest.raises(GateError, match="the ledger is missing"):
        calculate(company.settings, MONTH, "ann")
    [fault] = verify(company.settings, None).faults
    assert "the ledger is missing" in fault
    assert not company.settings.ledger.exists(), "nobody makes a new one"


def test_an_older_ledger_is_none_of_the_home_once_its_entries_are_published(company: PretendCompany) -> None:
    calculate(company.settings, MONTH, "ann")
    older = company.settings.ledger.read_bytes()
    periods.approve(company.settings, MONTH, "bob")
    periods.lock(company.settings, MONTH, "bob")
    company.run()
    assert verify(company.settings, None).is_whole
    company.settings.ledger.write_bytes(older)
    with pytest.raises(GateError, match=r"entry 3 with hash [0-9a-f]{12}…, which the ledger"):
        company.run()
    [fault] = verify(company.settings, None).faults
    assert "it is another ledger, or an older one" in fault


def test_a_damaged_file_of_the_ledger_is_never_a_fault_of_the_program(company: PretendCompany) -> None:
    """Bytes drawn at random; those of free space and of indices change nothing that is read."""
    closed(company)
    content, draw = company.settings.ledger.read_bytes(), random.Random(3)
    said = Counter[str]()
    for place in draw.sample(range(len(content)), 60):
        spoilt = bytearray(content)
        spoilt[place] ^= draw.randrange(1, 256)
        company.settings.ledger.write_bytes(spoilt)
        try:
            said[str(verify(company.settings, None).is_whole)] += 1
        except LedgerError as error:
            damaged = "the file is damaged" in error.what and error.exit_code == 1
            said["the file is damaged" if damaged else error.what] += 1
    assert set(said) == {"True", "False", "the file is damaged"}
    company.settings.ledger.write_bytes(b"rubbish")
    with pytest.raises(LedgerError, match="the file is damaged"):
        verify(company.settings, None)
