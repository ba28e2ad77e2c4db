"""An archive of an older version lacks tables and columns that templates have got since: they are made, empty."""

from __future__ import annotations

from dataclasses import replace

import duckdb

from connectors.common.warehouse import open_warehouse
from ledger.archive.files import open_archive
from orchestration.books import periods
from orchestration.books.calculation import calculate
from orchestration.books.home import read_entries
from orchestration.books.verification import bring_back
from tests.support.closing import FIRST, PretendCompany


def test_what_templates_have_got_since_is_made_empty(company: PretendCompany) -> None:
    calculate(company.settings, FIRST, "ann")
    periods.approve(company.settings, FIRST, "bob")
    lock = periods.lock(company.settings, FIRST, "bob").entry
    assert lock is not None
    assert lock in read_entries(company.settings)
    archive = open_archive(company.settings.books, lock.archive, lock)
    inputs = {
        name: about for name, about in archive.content["inputs"].items() if name != "raw_files.disputes"
    }
    assert len(inputs) == len(archive.content["inputs"]) - 1
    older = replace(archive, content={**archive.content, "inputs": inputs})
    own = company.settings.model_copy(update={"home": company.home / "again"})
    bring_back(older, own)
    with open_warehouse(own.warehouse, read_only=True) as connection:
        assert connection.execute("select count(*) from raw_files.disputes").fetchall() == [(0,)]
        [(loads,)] = connection.execute("select count(*) from raw_files.loads").fetchall()
    with duckdb.connect(str(company.settings.warehouse), read_only=True) as connection:
        assert connection.execute("select count(*) from raw_files.loads").fetchall() == [(loads,)]
