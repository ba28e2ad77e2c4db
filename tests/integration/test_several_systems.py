"""Several connected systems at once: two of one type with the same record ids, and one that fails beside others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from connectors.sources.delivery import deliver
from connectors.sources.extraction.run import extract
from demo.simulators.server import Answer
from orchestration.defs.assets.files import build_files_assets
from orchestration.defs.assets.sources import EXTRACTED, build_source_assets
from orchestration.defs.resources import home_resource
from orchestration.settings import load_settings
from orchestration.steps.sources import configured_sources
from tests.support.extracted import Home, write_sources
from tests.support.systems import Salesforce, Sql

DEALS = "select deal_id, amount from raw_files.deals where not _is_deleted order by deal_id, _load_seq"


def _started(folder: Path, kind: type[Any]) -> Any:
    folder.mkdir()
    return kind(folder)


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Salesforce, Salesforce]]:
    """Two organisations whose opportunities have the same ids."""
    with (
        _started(tmp_path / "a", Salesforce) as headquarters,
        _started(tmp_path / "b", Salesforce) as subsidiary,
    ):
        for number in range(3):
            headquarters.put(number, f"{number + 1}00.00", second=number)
            subsidiary.put(number, f"{number + 1}.00", second=number)
        yield headquarters, subsidiary


#: nothing but deals is taken on, and only their resource is read
OTHERS = ("source_users", "customers", "leads", "journey_events", "activities/events", "activities/tasks")
ONLY_DEALS: dict[str, Any] = dict.fromkeys(OTHERS)


def _both(home: Home) -> dict[str, Any]:
    reports = {}
    for instance in home.instances():
        extracted = extract(instance, home.warehouse, dlt_dir=home.folder / "dlt", only=["opportunities"])
        assert extracted.failures == []
        reports[instance.name] = deliver(
            instance, home.warehouse, dlt_dir=home.folder / "dlt", timezone="Asia/Shanghai"
        )
    return reports


def test_records_of_two_instances_of_a_type_with_the_same_ids_stay_apart(
    two: tuple[Salesforce, Salesforce], tmp_path: Path
) -> None:
    headquarters, subsidiary = two
    write_sources(
        tmp_path / "sources.yml",
        {"name": "crm", "type": "salesforce", "mapping": ONLY_DEALS} | headquarters.entry(),
        {"name": "crm_of_subsidiary", "type": "salesforce", "mapping": ONLY_DEALS} | subsidiary.entry(),
    )
    home = Home(tmp_path)
    first, second = _both(home).values()
    assert (first.accepted, first.quarantined) == (3, 0)
    (group,) = [one for one in second.quarantine if one.entity == "deals"]
    assert (group.reason, group.rows) == ("key_of_another_source", 3)
    kept = [(headquarters.record_id(number), f"{number + 1}00.00") for number in range(3)]
    assert [(deal, str(amount)) for deal, amount in home.rows(DEALS)] == kept
    raw = "select instance, count(*) from raw_salesforce.opportunities group by 1 order by 1"
    assert home.rows(raw) == [("crm", 3), ("crm_of_subsidiary", 3)]
    subsidiary.delete(1, second=7200)
    again = _both(home)
    assert again["crm"].already_imported
    assert [(deal, str(amount)) for deal, amount in home.rows(DEALS)] == kept, (
        "a deletion in one system is none in the other"
    )


def test_keys_that_tell_the_instance_keep_both(two: tuple[Salesforce, Salesforce], tmp_path: Path) -> None:
    headquarters, subsidiary = two
    prefixed = {"deals": {"columns": {"deal_id": {"column": "Id", "prefix": "sub-"}}}}
    write_sources(
        tmp_path / "sources.yml",
        {"name": "crm", "type": "salesforce", "mapping": ONLY_DEALS} | headquarters.entry(),
        {"name": "crm_of_subsidiary", "type": "salesforce", "mapping": ONLY_DEALS | prefixed}
        | subsidiary.entry(),
    )
    home = Home(tmp_path)
    reports = _both(home)
    assert [one.quarantined for one in reports.values()] == [0, 0]
    assert len(home.rows(DEALS)) == 6


def test_in_a_run_of_dagster_a_system_that_fails_does_not_stop_the_others(tmp_path: Path) -> None:
    with _started(tmp_path / "a", Salesforce) as crm, _started(tmp_path / "b", Sql) as erp:
        crm.put(0, "100.00")
        erp.put(7, "10.00", second=60)
        crm.simulator.fault = lambda _asked, _answer: Answer(b"<html>maintenance</html>", 503)
        home = tmp_path / "home"
        home.mkdir()
        write_sources(
            home / "sources.yml",
            {"name": "crm", "type": "salesforce"} | crm.entry(),
            {"name": "erp", "type": "sql"} | erp.entry(),
        )
        failed = _materialized(home)
        assert failed.success, "a failed system is a failed check, no failed step"
        checks = {str(one.asset_key.to_user_string()): one for one in failed.get_asset_check_evaluations()}
        assert checks["erp/invoices"].passed
        bad = checks["crm/opportunities"]
        assert (bad.check_name, bad.passed) == (EXTRACTED, False)
        assert (bad.description or "").startswith("crm.opportunities: the answer is a web page (HTTP 503)")
        made = {event.asset_key.to_user_string() for event in _materializations(failed)}
        assert "erp/invoices" in made
        assert "files/transactions" in made
        assert not any(key.startswith("crm/") for key in made)
        transactions = "select transaction_id from raw_files.transactions"
        assert Home(home).rows(transactions) == [("7",)]
        crm.simulator.fault = None
        assert all(one.passed for one in _materialized(home).get_asset_check_evaluations())
        assert Home(home).rows(DEALS)[0][0] == crm.record_id(0)


def _materialized(home: Path) -> dg.ExecuteInProcessResult:
    settings = load_settings(home=home)
    sources = [build_source_assets(one) for one in configured_sources(settings)]
    files = build_files_assets([key for one in sources for key in one.keys])
    return dg.materialize(
        [*sources, files], resources={"home": home_resource(settings)}, raise_on_error=False
    )


def _materializations(done: dg.ExecuteInProcessResult) -> list[Any]:
    return [event for event in done.all_events if event.is_step_materialization]
