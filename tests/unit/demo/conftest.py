"""One company for all tests of this folder; drawing it takes about two seconds."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import pytest

from demo.company import write_company
from demo.seeding.facts import SeededFacts

Row = dict[str, str]


@dataclass
class Company:
    directory: Path
    facts: SeededFacts
    tables: dict[str, list[Row]]

    def by_id(self, table: str, column: str) -> dict[str, Row]:
        return {row[column]: row for row in self.tables[table]}


def read_folder(directory: Path) -> dict[str, list[Row]]:
    tables = {}
    for path in sorted(directory.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as handle:
            tables[path.stem] = list(csv.DictReader(handle, strict=True))
    return tables


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    directory = tmp_path_factory.mktemp("company")
    facts = write_company(directory)
    return Company(directory, facts, read_folder(directory))
