"""What only HubSpot does: limits that say how long they last, searches that end, histories, archived records."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from connectors.sources.checking import check
from connectors.sources.errors import SourceFailed
from demo.simulators.server import Answer, Asked
from tests.support.connected_system import PAGE, moment, records
from tests.support.extracted import Home, write_sources
from tests.support.vendors.hubspot import Hubspot

ONLY = {"only": ["deals"]}
TABLE = "raw_hubspot.deals"


@pytest.fixture
def crm(tmp_path: Path) -> Iterator[Hubspot]:
    with Hubspot(tmp_path) as made:
        for number in range(2 * PAGE + 1):
            made.put(number, "10.00", second=number)
        yield made


@pytest.fixture
def home(crm: Hubspot, tmp_path: Path) -> Home:
    return _home(crm, tmp_path)


def _home(crm: Hubspot, folder: Path, **more: Any) -> Home:
    write_sources(folder / "sources.yml", {"name": "crm", "type": "hubspot"} | crm.entry() | more)
    return Home(folder)


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    found: list[float] = []
    monkeypatch.setattr("tenacity.nap.time", SimpleNamespace(sleep=found.append))
    return found


def _limit(policy: str, headers: dict[str, str]) -> Answer:
    said = f"You have reached your {policy.lower()} limit."
    body = {"status": "error", "message": said, "errorType": "RATE_LIMIT", "correlationId": "c"}
    return Answer(body | ({"policyName": policy} if policy != "SECONDLY" else {}), 429, headers)


WAITS = {
    "ten seconds": ("TEN_SECONDLY_ROLLING", {}, 10),
    "a second": ("SECONDLY", {}, 1),
    "as it says": ("TEN_SECONDLY_ROLLING", {"Retry-After": "3"}, 3),
}


@pytest.mark.parametrize(("policy", "headers", "seconds"), WAITS.values(), ids=WAITS.keys())
def test_a_limit_is_waited_for_as_long_as_it_lasts(
    crm: Hubspot, tmp_path: Path, waited: list[float], policy: str, headers: dict[str, str], seconds: int
) -> None:
    home = _home(crm, tmp_path, patience={"attempts": "3", "factor": "0.01", "longest_wait": "60"})
    left = [_limit(policy, headers)]
    crm.simulator.fault = lambda _, answer: left.pop() if left else answer
    assert len(records(home.instances()[0], "deals")) == 2 * PAGE + 1
    assert waited == [seconds]


TOLD: dict[str, tuple[Answer, str]] = {
    "the limit of a day": (_limit("DAILY", {}), "daily limit of API requests is used up"),
    "a limit longer than patience": (_limit("TEN_SECONDLY_ROLLING", {}), "asks to wait 10 seconds"),
    "a token that has expired": (
        Answer({"status": "error", "category": "EXPIRED_AUTHENTICATION", "message": "expired 3 days ago"}, 401),
        "the access token has expired",
    ),
    "a permission that is missing": (
        Answer({"status": "error", "category": "MISSING_SCOPES", "message": "requires crm.objects.deals.read"}, 403),
        "lacks a permission (MISSING_SCOPES: requires crm.objects.deals.read)",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("answer", "sentence"), TOLD.values(), ids=TOLD.keys())
def test_what_does_not_pass_is_told(crm: Hubspot, home: Home, answer: Answer, sentence: str) -> None:
    crm.simulator.fault = lambda asked, good: answer if _is_page(asked, 2) else good
    with pytest.raises(SourceFailed, match=re.escape(sentence)):
        records(home.instances()[0], "deals")


def test_after_a_failure_the_next_run_brings_all(crm: Hubspot, home: Home) -> None:
    crm.simulator.fault = lambda asked, good: _limit("DAILY", {}) if _is_page(asked, 2) else good
    (failure,) = home.extract(**ONLY).failures
    assert failure.startswith("crm.deals: the account's daily limit")
    crm.simulator.fault = None
    assert home.extract(**ONLY).failures == []
    assert len(home.truth(TABLE)) == len(home.versions(TABLE)) == 2 * PAGE + 1


def _is_page(asked: Asked, number: int) -> bool:
    """Whether a request is the search of the first or of a later page; the first has no id to begin behind."""
    if not asked.path.endswith("/search") or asked.data["limit"] == 1:
        return False
    is_first = all(one["operator"] != "GT" for one in asked.data["filterGroups"][0]["filters"])
    return is_first == (number == 1)


def test_a_page_that_lacks_a_record_is_told(crm: Hubspot, home: Home) -> None:
    def lose_one(asked: Asked, answer: Answer) -> Answer:
        body = json.loads(answer.content)
        return Answer(body | {"results": body["results"][1:]}) if _is_page(asked, 1) else answer

    crm.simulator.fault = lose_one
    with pytest.raises(SourceFailed, match=f"{PAGE - 1} records came, .* said there are {2 * PAGE + 1}"):
        records(home.instances()[0], "deals")


def test_a_record_that_changes_while_pages_are_read_is_not_lost(crm: Hubspot, home: Home) -> None:
    """The first page was read; then a record of it changes, and one of a later page, hours later."""

    def change(asked: Asked, answer: Answer) -> Answer:
        if _is_page(asked, 1):
            crm.put(0, "77.00", second=7200)
            crm.put(2 * PAGE, "88.00", second=14400)
        return answer

    crm.simulator.fault = change
    home.extract(**ONLY)
    crm.simulator.fault = None
    home.extract(**ONLY)
    truth = home.truth(TABLE)
    assert crm.amount_of(truth[crm.record_id(0)]) == "77.00"
    assert crm.amount_of(truth[crm.record_id(2 * PAGE)]) == "88.00"


def test_the_history_of_stages_is_read_by_what_changed(crm: Hubspot, home: Home) -> None:
    only = {"only": ["deal_stage_history"]}
    home.extract(**only)
    table = "raw_hubspot.deal_stage_history"
    assert len(home.truth(table)) == 2 * PAGE + 1
    (deal,) = [one for one in crm.simulator.records["deals"] if one["id"] == crm.record_id(1)]
    back = {"value": "contractsent", "timestamp": moment(7200), "sourceType": "CRM_UI"}
    deal["propertiesWithHistory"]["dealstage"] = [back]  # HubSpot keeps a few entries: the old one is gone
    deal["properties"]["hs_lastmodifieddate"] = moment(7200)
    crm.delete(2, second=7200)
    report = home.extract(**only).resources[0]
    assert (report.rows_new, report.rows_deleted) == (2, 1)
    assert len(home.truth(table)) == 2 * PAGE + 1


def test_a_deal_that_goes_between_search_and_history_is_noticed_the_next_time(
    crm: Hubspot, home: Home
) -> None:
    def archive(asked: Asked, answer: Answer) -> Answer:
        if _is_page(asked, 1):
            crm.delete(0, second=7200)
        return answer

    crm.simulator.fault = archive
    assert len(records(home.instances()[0], "deal_stage_history")) == 2 * PAGE


STAGES = {
    "journey_events": {
        "where": [{"column": "value", "in": ["1234567", "closedwon"]}],
        "columns": {"stage": {"column": "value", "values": {"1234567": "visited", "closedwon": "settled"}}},
    }
}


def test_objects_become_rows_of_templates_and_stages_of_an_own_pipeline_are_yaml(
    crm: Hubspot, tmp_path: Path
) -> None:
    held = crm.simulator.records
    home = _home(crm, tmp_path, mapping=STAGES, currency="USD")
    deal = held["deals"][0]
    own = {"value": "1234567", "timestamp": moment(5), "sourceType": "CRM_UI"}
    other = {"value": "7654321", "timestamp": moment(6), "sourceType": "CRM_UI"}
    deal["propertiesWithHistory"]["dealstage"] += [own, other]
    deal["properties"]["deal_currency_code"] = "EUR"
    held["owners"] += [
        {"id": "7", "email": "a@b.cn", "userId": 70, "archived": False},
        {"id": "8", "email": "former@b.cn", "userId": None, "archived": True},
    ]
    made = {"createdate": moment(0), "hs_lastmodifieddate": moment(0)}
    held["companies"].append({"id": "5", "properties": {"name": "甲公司", **made}})
    call = {"hs_timestamp": moment(9), "hubspot_owner_id": "7", "hs_call_title": "first"}
    about = {"companies": [{"id": "5", "type": "call_to_company"}, {"id": "6", "type": "call_to_company"}]}
    held["calls"] += [
        {"id": "31", "properties": call, "associations": about},
        {"id": "32", "properties": call},  # about nobody
    ]
    assert home.extract().failures == []
    report = home.deliver()
    assert report is not None
    assert report.quarantined == 0
    assert home.rows("select source_user_id, employee_id from raw_files.source_users order by 1") == [
        ("7", "a@b.cn"),
        ("8", "former@b.cn"),
    ]
    assert home.rows("select customer_id, name from raw_files.customers") == [("5", "甲公司")]
    assert home.rows("select activity_id, customer_id, kind, employee_id from raw_files.activities") == [
        ("31", "5", "call", "7")
    ]
    found = home.rows(
        "select currency, count(*), sum(amount)::text from raw_files.deals group by 1 order by 1"
    )
    assert found == [("EUR", 1, "10.00"), ("USD", 2 * PAGE, "80.00")]
    stages = home.rows(
        "select stage, count(*), min(customer_id) from raw_files.journey_events group by 1 order by 1"
    )
    assert stages == [("settled", 2 * PAGE + 1, "5"), ("visited", 1, "5")]


def test_a_wrong_token_is_one_sentence_for_each_permission(crm: Hubspot, home: Home) -> None:
    crm.secret("access_token", "wr0ng-token")
    found = check(home.instances()[0])
    assert len(found) == 8
    assert all("the access token is not valid" in one.sentence for one in found)
    assert "wr0ng-token" not in str(found)


def test_a_record_has_a_page_where_the_account_is_known(crm: Hubspot, tmp_path: Path) -> None:
    (known,) = _home(crm, tmp_path, portal_id="42").instances()
    address = known.type.record_address(known.connection, "deals", "9")
    assert address == "https://app.hubspot.com/contacts/42/record/0-3/9"
    (unknown,) = _home(crm, tmp_path).instances()
    assert unknown.type.record_address(unknown.connection, "deals", "9") is None
