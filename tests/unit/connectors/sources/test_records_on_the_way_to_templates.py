"""From an instance's records to the tables of the templates: versions, deletions, quarantine, keys of other sources."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.common.problems import DeliveryRejected, MappingProblem
from connectors.files import DeliverySpec, import_delivery
from tests.support.extracted import Home, write_sources
from tests.support.systems import Salesforce

DEALS = "select deal_id, amount, _is_deleted from raw_files.deals order by _load_seq, deal_id"


@pytest.fixture
def crm(tmp_path: Path) -> Iterator[Salesforce]:
    with Salesforce(tmp_path) as made:
        for number in range(3):
            made.put(number, f"{number + 1}00.00", second=number)
        yield made


@pytest.fixture
def home(crm: Salesforce, empty_home: Path, tmp_path: Path) -> Home:
    shutil.copytree(empty_home, tmp_path, dirs_exist_ok=True)
    write_sources(tmp_path / "sources.yml", {"name": "crm", "type": "salesforce"} | crm.entry())
    return Home(tmp_path)


def _through(home: Home) -> Any:
    assert home.extract().failures == []
    return home.deliver()


def _live(home: Home) -> dict[str, str]:
    latest = {deal: None if deleted else str(amount) for deal, amount, deleted in home.rows(DEALS)}
    return {deal: amount for deal, amount in latest.items() if amount is not None}


def test_a_record_keeps_its_source_its_id_and_the_hash_of_its_raw_record(crm: Salesforce, home: Home) -> None:
    report = _through(home)
    assert (report.accepted, report.quarantined) == (3, 0)
    assert home.rows(
        "select l.source, d._file, d._lines, d._content_hash = r.content_hash from raw_files.deals as d "
        "join raw_files.loads as l on l.load_id = d._load_id "
        "join raw_salesforce.opportunities as r on r.record_id = d._lines order by all"
    ) == [("crm", "opportunities", crm.record_id(number), True) for number in range(3)]


def test_the_same_records_again_land_nothing(crm: Salesforce, home: Home) -> None:
    _through(home)
    before = home.warehouse.read_bytes()
    assert _through(home).already_imported
    assert home.warehouse.read_bytes() == before


def test_changed_lost_and_deleted_records_are_versions(crm: Salesforce, home: Home) -> None:
    crm.put(3, "400.00", second=3)
    _through(home)
    crm.put(0, "150.00", second=7200)
    crm.delete(1, second=7200)
    for row in crm.simulator.records["Opportunity"]:
        if row["Id"] == crm.record_id(2):  # no longer won: it passes the mapping's filter no more
            row |= {
                "IsWon": False,
                "StageName": "Prospecting",
                "SystemModstamp": "2026-03-01T02:00:00.000+0000",
            }
    report = _through(home)
    (file,) = [one for one in report.files if one.entity == "deals"]
    assert (file.accepted, file.deleted) == (1, 2)
    assert _live(home) == {crm.record_id(0): "150.00", crm.record_id(3): "400.00"}
    assert len(home.rows(DEALS)) == 7


def test_most_rows_gone_at_once_are_refused_unless_it_is_meant(crm: Salesforce, home: Home) -> None:
    _through(home)
    for number in (0, 1):
        crm.delete(number, second=7200)
    assert home.extract().failures == []
    with pytest.raises(
        DeliveryRejected, match=r"crm gives 1 rows of deals now, but 3 records of deals are known"
    ):
        home.deliver()
    assert len(_live(home)) == 3
    home.deliver(allow_shrink=True)
    assert set(_live(home)) == {crm.record_id(2)}


def test_a_changed_mapping_changes_rows_whose_records_did_not(crm: Salesforce, home: Home) -> None:
    _through(home)
    entry = crm.entry() | {"currency": "USD"}
    write_sources(home.folder / "sources.yml", {"name": "crm", "type": "salesforce"} | entry)
    assert _through(home).accepted == 3
    assert home.rows("select distinct currency from raw_files.deals where _load_seq = 2") == [("USD",)]


def test_a_template_that_is_filled_no_more_does_not_keep_its_rows_in_silence(
    crm: Salesforce, home: Home
) -> None:
    _through(home)
    entry = crm.entry() | {"mapping": {"deals": None}}
    write_sources(home.folder / "sources.yml", {"name": "crm", "type": "salesforce"} | entry)
    home.extract()
    with pytest.raises(
        DeliveryRejected, match=r"crm gives 0 rows of deals now, but 3 records of deals are known"
    ) as caught:
        home.deliver()
    assert "or in its mapping" in caught.value.hint
    assert len(_live(home)) == 3
    home.deliver(allow_shrink=True)
    assert _live(home) == {}
    assert _through(home).already_imported


def test_an_unreadable_record_is_in_quarantine_until_it_is_good_or_gone(crm: Salesforce, home: Home) -> None:
    crm.simulator.records["Opportunity"][0]["AccountId"] = None
    report = _through(home)
    (group,) = report.quarantine
    assert (group.entity, group.reason, group.rows) == ("deals", "missing_required", 1)
    found = home.rows("select source, location, field from raw_files.quarantine")
    assert found == [("crm", f"opportunities:{crm.record_id(0)}", "customer_id")]
    assert _through(home).already_imported, "the same row in quarantine is nothing new"
    crm.delete(0, second=7200)
    report = _through(home)
    assert (report.already_imported, report.quarantined) == (False, 0), (
        "a load that says nothing is wrong any more"
    )


def test_a_key_that_another_source_delivered_is_set_aside(crm: Salesforce, home: Home) -> None:
    folder = home.folder / "delivery"
    folder.mkdir()
    (folder / "deals.csv").write_text(
        "deal_id,customer_id,owner_employee_id,amount,currency,signed_at,status\n"
        f"{crm.record_id(1)},C1,E1,1.00,CNY,2026-01-01,signed\n",
        encoding="utf-8",
    )
    import_delivery(DeliverySpec(folder), home.warehouse, dlt_dir=home.folder / "dlt")
    report = _through(home)
    (group,) = report.quarantine
    assert (group.reason, group.rows) == ("key_of_another_source", 1)
    assert group.samples[0].value == f"{crm.record_id(1)} (files)"
    assert _live(home)[crm.record_id(1)] == "1.00"
    (folder / "deals.csv").write_text(
        (folder / "deals.csv").read_text(encoding="utf-8").replace(crm.record_id(1), crm.record_id(2)),
        encoding="utf-8",
    )
    again = import_delivery(DeliverySpec(folder), home.warehouse, dlt_dir=home.folder / "dlt")
    assert [group.reason for group in again.quarantine] == ["key_of_another_source"]
    assert _live(home)[crm.record_id(2)] == "300.00"


def test_a_crash_between_extraction_and_delivery_loses_nothing(crm: Salesforce, home: Home) -> None:
    home.extract()
    crm.put(0, "150.00", second=7200)
    home.extract()
    assert home.deliver().accepted == 3  # type: ignore[union-attr]
    assert _live(home)[crm.record_id(0)] == "150.00"


def test_nothing_is_taken_on_before_every_used_resource_was_read(crm: Salesforce, home: Home) -> None:
    home.extract(only=["opportunities"])
    assert home.deliver() is None


def test_a_field_that_is_in_no_record_is_told_with_those_that_are(crm: Salesforce, home: Home) -> None:
    entry = crm.entry() | {"mapping": {"deals": {"columns": {"deal_kind": "Typ"}}}}
    path = write_sources(home.folder / "sources.yml", {"name": "crm", "type": "salesforce"} | entry)
    crm.simulator.fault = _without_unknown_fields(crm)
    home.extract()
    with pytest.raises(MappingProblem, match="the resource opportunities has no field 'Typ'") as caught:
        home.deliver()
    assert caught.value.where.startswith(f"{path}:")
    assert "did you mean 'Type'?" in caught.value.hint
    assert "Fields: " in caught.value.hint


def _without_unknown_fields(crm: Salesforce) -> Any:
    """A vendor that leaves out what it does not know."""
    from demo.simulators.server import Answer, Asked

    def fault(asked: Asked, answer: Answer) -> Answer:
        if answer.status == 200 or "q" not in asked.query:
            return answer
        query = asked.query | {"q": asked.query["q"].replace(", Typ ", " ").replace(", Typ,", ",")}
        return crm.simulator.answer(Asked(asked.method, asked.path, query, asked.headers))

    return fault


def test_exact_amounts_stay_exact(crm: Salesforce, home: Home) -> None:
    crm.simulator.fault = lambda _asked, answer: type(answer)(
        answer.content.replace(b'"Amount": 100.0', b'"Amount": 1234567890123.45')
    )
    entry = crm.entry() | {"mapping": {"deals": {"columns": {"amount": "Amount"}}}}
    write_sources(home.folder / "sources.yml", {"name": "crm", "type": "salesforce"} | entry)
    home.extract()
    found = home.rows("select record->>'Amount' from raw_salesforce.opportunities order by 1")
    assert ("1234567890123.45",) in found
