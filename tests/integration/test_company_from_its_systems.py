"""The made-up company paid from its systems, over their own protocols: the same figures as from files alone."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import duckdb
import pytest
from ruamel.yaml import YAML

from tests.conftest import COMMAND, Incentives, built_once

#: Columns of marts that say by which way a row came: which calculation (its identity covers the loads), which load and
#: system, where in it the rejected row stands, and that row as the system gave it.
LINEAGE = {
    "dim_calculation": {"run_id"},
    "fct_payout_lines": {"run_id"},
    "fct_provenance": {"source", "load_id", "content_hash"},
    "open_quarantine": {"location", "load_id"},
    "quarantine": {"source", "location", "load_id", "row"},
}
SYSTEMS = {"salesforce", "erp", "ocean_engine", "tencent_ads", "learning"}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def company(shared_folder: Path) -> Path:
    """Folder of the company: its files, and what describes its systems."""
    return shared_folder / "company_of_systems"


@pytest.fixture(scope="session")
def systems_home(shared_folder: Path, company: Path) -> Path:
    """Home of a finished run on the company's systems, as `make run` does it."""
    run = [COMMAND, "run", "--delivery", company / "files", "--plans", "plans", "--plans", "demo/plans"]
    return built_once(shared_folder, "systems", [["demo", company, "--systems", "--", *run]])


@pytest.fixture(scope="session")
def both(demo_home: Path, systems_home: Path) -> Any:
    """A connection to what both ways published, `files` and `systems`, and to what the systems landed, `landed`."""
    with duckdb.connect() as connection:
        for way, home in (("files", demo_home), ("systems", systems_home)):
            connection.execute(f"attach '{home / 'published' / 'incentives.duckdb'}' as {way} (read_only)")
        connection.execute(f"attach '{systems_home / 'warehouse.duckdb'}' as landed (read_only)")
        yield connection


def _marts(connection: Any, way: str) -> dict[str, list[str]]:
    found = connection.execute(
        "select table_name, list(column_name order by column_index) from duckdb_columns() "
        "where database_name = ? and schema_name = 'marts' group by 1 order by 1",
        [way],
    ).fetchall()
    return dict(found)


def test_every_mart_says_the_same_both_ways(both: Any) -> None:
    marts = _marts(both, "files")
    assert marts == _marts(both, "systems")
    assert LINEAGE.keys() <= marts.keys()
    differing = {}
    for mart, columns in marts.items():
        compared = ", ".join(f'"{one}"' for one in columns if one not in LINEAGE.get(mart, ()))
        one_way, other_way = (f"select {compared} from {way}.marts.{mart}" for way in ("files", "systems"))
        missing, more = (
            both.execute(f"select count(*) from ({left} except all {right})").fetchone()[0]
            for left, right in ((one_way, other_way), (other_way, one_way))
        )
        if missing or more:
            differing[mart] = (missing, more)
    assert differing == {}
    assert both.execute("select count(*) > 9000 from systems.marts.fct_payout_lines").fetchone()[0]


def test_the_rows_came_from_five_systems(both: Any, systems_home: Path) -> None:
    deals = (
        "select distinct source from landed.raw_files.deals join landed.raw_files.loads on load_id = _load_id"
    )
    assert both.execute(deals).fetchall() == [("salesforce",)]
    sources = both.execute("select distinct source from landed.raw_files.loads").fetchall()
    assert {one for (one,) in sources} == SYSTEMS | {"files"}
    states = {
        path.stem: json.loads(path.read_text()) for path in (systems_home / "reports" / "sources").glob("*")
    }
    assert {name: state["failures"] for name, state in states.items()} == {name: {} for name in SYSTEMS}
    read = {
        name: sum(one["rows_read"] for one in state["last"]["resources"]) for name, state in states.items()
    }
    assert all(rows > 400 for rows in read.values()), read


def test_a_line_ends_at_the_vendors_record(both: Any, systems_home: Path, incentives: Incentives) -> None:
    query = (
        "select line_id from systems.marts.fct_payout_lines where component = 'closing' order by 1 limit 1"
    )
    (line,) = both.execute(query).fetchone()
    said = json.loads(incentives(systems_home, "explain", line, "--json").stdout)
    [deal] = [
        one for one in said["sources"] if (one["source"], one["file"]) == ("salesforce", "opportunities")
    ]
    record = deal["values"]["_lines"]
    known = "select count(*) > 0 from landed.raw_salesforce.opportunities where record_id = ?"
    assert both.execute(known, [record]).fetchone() == (True,)
    shown = incentives(systems_home, "explain", line).stdout
    assert f"salesforce opportunities:{record}" in shown


def test_the_systems_end_with_the_command(systems_home: Path, company: Path) -> None:
    described = YAML(typ="safe").load((company / "systems" / "sources.yml").read_text(encoding="utf-8"))
    addresses = [
        one.get("instance_url") or one.get("base_url") or one.get("endpoint") for one in described["sources"]
    ]
    ports = [urlsplit(one).port for one in addresses if one]
    assert len(ports) == 4
    for port in ports:
        with socket.socket() as client:
            assert client.connect_ex(("127.0.0.1", port)) != 0


def test_no_secret_of_the_systems_is_kept_or_published(systems_home: Path, company: Path) -> None:
    folder = company / "systems" / "secrets"
    planted = [path.read_bytes() for path in folder.iterdir() if "client_id" not in path.name]
    planted = [one for one in planted if len(one) == 32]
    assert len(planted) == 4, "client secret, two refresh tokens, a password"
    for path in systems_home.rglob("*"):
        if path.is_file() and path.parent.name != "tokens":
            content = path.read_bytes()
            assert not any(one in content for one in planted), path
