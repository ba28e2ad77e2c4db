"""A home whose only source is one connected system: its sources.yml, extractions, and what the warehouse holds.

Belongs here: calls that tests of connected systems repeat. Does not belong here: the systems (`systems`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from ruamel.yaml import YAML

from connectors.files import ImportReport
from connectors.sources.configuration.loading import load_sources
from connectors.sources.delivery import deliver
from connectors.sources.extraction.run import ExtractionReport, extract
from connectors.sources.model import Instance


def write_sources(path: Path, *entries: dict[str, Any]) -> Path:
    """A sources.yml with these instances."""
    with path.open("w", encoding="utf-8") as handle:
        YAML(typ="safe").dump({"sources": list(entries)}, handle)
    return path


@dataclass(frozen=True)
class Home:
    """A folder with sources.yml and a warehouse."""

    folder: Path

    @property
    def warehouse(self) -> Path:
        """The DuckDB file."""
        return self.folder / "warehouse.duckdb"

    def instances(self) -> list[Instance]:
        """What sources.yml says."""
        return load_sources(self.folder / "sources.yml")

    def extract(self, **options: Any) -> ExtractionReport:
        """One extraction of the first instance."""
        return extract(self.instances()[0], self.warehouse, dlt_dir=self.folder / "dlt", **options)

    def deliver(self, **options: Any) -> ImportReport | None:
        """Its records on to the templates."""
        return deliver(
            self.instances()[0],
            self.warehouse,
            dlt_dir=self.folder / "dlt",
            timezone="Asia/Shanghai",
            **options,
        )

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of a query on the warehouse."""
        with duckdb.connect(str(self.warehouse), read_only=True) as connection:
            return connection.execute(query).fetchall()

    def versions(self, table: str) -> list[tuple[str, dict[str, Any], bool]]:
        """Every version: record id, record, whether it is deleted; by the order of landing."""
        found = self.rows(f"select record_id, record, is_deleted from {table} order by load_seq, record_id")
        return [(record_id, json.loads(record), deleted) for record_id, record, deleted in found]

    def truth(self, table: str) -> dict[str, dict[str, Any]]:
        """The latest version of every record that is not deleted."""
        latest: dict[str, dict[str, Any]] = {}
        for record_id, record, deleted in self.versions(table):
            latest[record_id] = record
            if deleted:
                del latest[record_id]
        return latest
