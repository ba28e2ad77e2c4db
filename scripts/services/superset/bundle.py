"""The dashboard of `bi/superset` as Superset imports it: for one login, with the charts that the login may read.

Belongs here: files of the bundle, what of it a login may read, the zip. Does not belong here: Superset (`server`).
"""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from ruamel.yaml import YAML

BUNDLE = Path(__file__).resolve().parents[3] / "bi" / "superset"
_MASK = "XXXXXXXXXX"  # what Superset writes and takes for a password that comes beside the file
Document = dict[str, Any]
_METADATA: Document = {"version": "1.0.0", "type": "assets", "timestamp": "2026-11-30T00:00:00+00:00"}


@dataclass(frozen=True)
class Bundle:
    """Documents of an export of Superset.

    Attributes:
        database: The connection.
        datasets: By file name without its end; the same for the others.
        charts: Charts.
        dashboard: The dashboard.
    """

    database: Document
    datasets: Mapping[str, Document]
    charts: Mapping[str, Document]
    dashboard: Document

    def dataset_of(self, chart: Document) -> Document:
        """The dataset a chart draws."""
        return next(one for one in self.datasets.values() if one["uuid"] == chart["dataset_uuid"])

    def readable_by(self, url: str) -> Bundle:
        """What of it a login may read; the database itself is asked.

        Args:
            url: Of the login, with its password.
        """
        with psycopg.connect(url, autocommit=True) as connection:
            datasets = {name: one for name, one in self.datasets.items() if _may_read(connection, one["sql"])}
        ids = {one["uuid"] for one in datasets.values()}
        charts = {name: one for name, one in self.charts.items() if one["dataset_uuid"] in ids}
        dashboard = self.dashboard | {"position": _without_gaps(self.dashboard["position"], charts)}
        return Bundle(self.database, datasets, charts, dashboard)

    def named_for(self, role: str, url: str) -> Bundle:
        """A copy beside those of other roles: identifiers, names and address of its own.

        Args:
            role: Name of the role.
            url: Of the login; its password goes nowhere.
        """
        text = json.dumps([self.database, self.datasets, self.charts, self.dashboard])
        for one in (self.database, *self.datasets.values(), *self.charts.values(), self.dashboard):
            text = text.replace(one["uuid"], str(uuid.uuid5(uuid.UUID(one["uuid"]), role)))
        database, datasets, charts, dashboard = json.loads(text)
        parts = urlsplit(url)
        address = f"postgresql+psycopg2://{parts.username}:{_MASK}@{parts.hostname}:{parts.port}{parts.path}"
        return Bundle(
            database | {"database_name": f"{database['database_name']} ({role})", "sqlalchemy_uri": address},
            {  # two datasets of Superset never have one name
                name: one | {"table_name": f"{one['table_name']}_{role}"} for name, one in datasets.items()
            },
            charts,
            dashboard
            | {
                "dashboard_title": f"{dashboard['dashboard_title']} ({role})",
                "slug": f"{dashboard['slug']}-{role}",
            },
        )

    def zipped(self) -> bytes:
        """The archive for ``POST /api/v1/assets/import/``."""
        files = {"metadata.yaml": _METADATA, "databases/incentives.yaml": self.database}
        files |= {f"datasets/incentives/{name}.yaml": one for name, one in self.datasets.items()}
        for name, chart in self.charts.items():
            context = json.dumps(query_context(chart, self.dataset_of(chart)))
            files[f"charts/{name}.yaml"] = chart | {"query_context": context}
        files["dashboards/incentives.yaml"] = self.dashboard
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
            for path, document in files.items():
                target.writestr(f"incentives/{path}", json.dumps(document))  # JSON is YAML
        return archive.getvalue()


def read_bundle(folder: Path = BUNDLE) -> Bundle:
    """The bundle as it is in the repository."""
    (database,), (dashboard,) = (
        [_read(file) for file in sorted((folder / kind).glob("*.yaml"))]
        for kind in ("databases", "dashboards")
    )
    datasets, charts = (
        {file.stem: _read(file) for file in sorted((folder / kind).rglob("*.yaml"))}
        for kind in ("datasets", "charts")
    )
    return Bundle(database, datasets, charts, dashboard)


def query_context(chart: Document, dataset: Document) -> Document:
    """The query that a chart sends, as the browser would make it of the chart's settings.

    Superset gives the rows of an imported chart (``GET /api/v1/chart/ID/data/``) only when it stands beside them.
    """
    said = chart["params"]
    groupby = said.get("groupby", [])
    columns: list[Any] = [groupby] if isinstance(groupby, str) else list(groupby)
    if "x_axis" in said:
        axis = {"columnType": "BASE_AXIS", "sqlExpression": said["x_axis"], "label": said["x_axis"]}
        columns.insert(0, axis | {"expressionType": "SQL", "timeGrain": said.get("time_grain_sqla")})
    query = {
        "columns": said.get("all_columns") or columns,
        "metrics": said.get("metrics") or ([said["metric"]] if "metric" in said else None),
        "filters": [
            {"col": one["subject"], "op": one["operator"], "val": one["comparator"]}
            for one in said["adhoc_filters"]
        ],
        "orderby": [json.loads(one) for one in said.get("order_by_cols", [])],
        "row_limit": said["row_limit"],
        "extras": {},
    }
    return {
        "datasource": {"id": dataset["uuid"], "type": "table"},  # replaced by its number when it is imported
        "force": False,
        "queries": [query],
        "form_data": said,
        "result_format": "json",
        "result_type": "full",
    }


def _may_read(connection: psycopg.Connection, query: str) -> bool:
    try:
        connection.execute(f"select * from ({query}) as asked limit 0".encode())
    except psycopg.errors.InsufficientPrivilege:
        return False
    return True


def _without_gaps(position: Document, charts: Mapping[str, Document]) -> Document:
    """The places of the charts that are left; rows without any are gone, the others fill the width of 12."""
    kept = {one["uuid"] for one in charts.values()}
    gone = {
        key for key, one in position.items() if key.startswith("CHART-") and one["meta"]["uuid"] not in kept
    }
    left = {key: one for key, one in position.items() if key not in gone}
    for key, row in position.items():
        if not key.startswith("ROW-"):
            continue
        children = [child for child in row["children"] if child not in gone]
        if not children:
            del left[key]
            continue
        left[key] = row | {"children": children}
        for child, width in zip(
            children, _widened([left[c]["meta"]["width"] for c in children]), strict=True
        ):
            left[child] = left[child] | {"meta": left[child]["meta"] | {"width": width}}
    grid = position["GRID_ID"]
    left["GRID_ID"] = grid | {"children": [child for child in grid["children"] if child in left]}
    return left


def _widened(widths: list[int], full: int = 12) -> list[int]:
    """Widths in the same proportion that add up to the width of a row."""
    ends = [round(full * sum(widths[: at + 1]) / sum(widths)) for at in range(len(widths))]
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]


def _read(file: Path) -> Document:
    document: Document = YAML(typ="safe").load(file)
    return document
