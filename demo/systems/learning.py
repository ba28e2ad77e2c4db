"""The company's learning record store: a statement for each course somebody ended.

Belongs here: results as xAPI statements. Does not belong here: the protocol (`demo/simulators/xapi`); the catalogue of
courses with their hours, which such a store does not hold.
"""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from demo.simulators.server import Records
from demo.world.tables import Tables

_VERBS = "http://adlnet.gov/expapi/verbs/"
_SITE = "https://learning.lumen-care.example"
_NAMES = uuid.UUID("6f6a9f5c-6d5e-4a53-9d8e-6f0a4b1c2d3e")


def learning_records(tables: Tables) -> Records:
    """All statements.

    Args:
        tables: The company.
    """
    titles = {row["course_id"]: row["title"] for row in tables.records("courses")}
    return {"statements": [_statement(row, titles) for row in tables.records("course_results")]}


def _statement(row: dict[str, str], titles: dict[str, str]) -> dict[str, Any]:
    completed = dt.datetime.fromisoformat(row["completed_at"])
    key = f"{row['employee_id']} {row['course_id']} {row['attempt']}"
    return {
        "id": str(uuid.uuid5(_NAMES, key)),
        "actor": {"objectType": "Agent", "account": {"homePage": _SITE, "name": row["employee_id"]}},
        "verb": {"id": f"{_VERBS}{'passed' if row['passed'] == 'true' else 'failed'}"},
        "object": {
            "id": f"{_SITE}/courses/{row['course_id']}",
            "definition": {"name": {"zh-CN": titles.get(row["course_id"], row["course_id"])}},
        },
        "result": {
            "score": {
                "scaled": float(Decimal(row["exam_score"]) / 100),
                "raw": float(row["exam_score"]),
                "max": 100,
            },
            "success": row["passed"] == "true",
            "duration": f"PT{row['hours']}H",
        },
        "timestamp": row["completed_at"],
        "stored": completed.astimezone(dt.UTC).isoformat(),
    }
