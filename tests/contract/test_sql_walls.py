"""SQL stays inside the walls as imports do: what serves reads marts, what validates reads raw tables and marts.

Intermediate tables are gone when a run has ended, and staging is the inside of the computation: neither is read by
Python code outside of dbt.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_INSIDE = r"\b(?:staging|intermediate|scratch)\."
#: Of the raw tables' schemas any mention counts: a schema is also an argument of a function.
_RAW = r"\braw_\w*"
#: From a source record to its landed row: where the raw tables are missing, the answer is a note.
_READS_LANDED_ROWS = "serving/lineage/landed_rows.py"
WALLS = {
    "serving": re.compile(f"{_INSIDE}|{_RAW}"),
    "expectations": re.compile(_INSIDE),
    "orchestration": re.compile(_INSIDE),
    "ledger": re.compile(_INSIDE),
    "compensation": re.compile(_INSIDE),
    "connectors": re.compile(f"{_INSIDE}|\\bmarts\\."),
}


def sql_texts(source: str) -> Iterator[str]:
    """Every string of a module that is no docstring; the parts of an f-string one by one."""
    tree = ast.parse(source)
    statements = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in statements:
            yield node.value


def _beyond(package: str) -> dict[str, list[str]]:
    found = {}
    for path in sorted((ROOT / package).rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        hits = [hit for text in sql_texts(path.read_text("utf-8")) for hit in WALLS[package].findall(text)]
        if hits and name != _READS_LANDED_ROWS:
            found[name] = hits
    return found


@pytest.mark.parametrize("package", sorted(WALLS))
def test_a_package_queries_only_what_it_may_see(package: str) -> None:
    assert _beyond(package) == {}


def test_a_query_of_the_inside_is_seen() -> None:
    texts = list(
        sql_texts('''"""select 1 from staging.a"""\nf"select {x} from raw_files.b"\nf("raw_plans")''')
    )
    assert [text for text in texts if WALLS["serving"].search(text)] == [" from raw_files.b", "raw_plans"]
