"""Macros of the dbt project outside dbt, as they are dispatched for DuckDB.

Belongs here: loading macro files. Does not belong here: what they must give.
"""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jinja2

MACROS = Path(__file__).resolve().parents[3] / "dbt_project" / "macros"


def load_macros(*files: str) -> Any:
    """The macros of some files, by name.

    Args:
        files: Paths below ``dbt_project/macros``; macros that they call have to be in one of them.
    """

    def dispatch(name: str) -> Any:
        return getattr(module, f"duckdb__{name}", None) or getattr(module, f"default__{name}")

    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    environment.globals |= {"adapter": SimpleNamespace(dispatch=dispatch), "return": lambda value: value}
    text = "\n".join((MACROS / file).read_text(encoding="utf-8") for file in files)
    module: Any = environment.from_string(text).module
    return module
