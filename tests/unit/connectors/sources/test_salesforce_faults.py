"""What can go wrong on the way from Salesforce: handled, or one sentence, and the next run completes it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from connectors.sources.checking import check
from demo.simulators.server import Answer, Asked
from tests.support.extracted import Home, write_sources
from tests.support.systems import PAGE, Salesforce

ONLY = {"only": ["opportunities"]}
TABLE = "raw_salesforce.opportunities"


@pytest.fixture
def crm(tmp_path: Path) -> Iterator[Salesforce]:
    with Salesforce(tmp_path) as made:
        for number in range(2 * PAGE + 1):
            made.put(number, "10.00", second=number)
        yield made


@pytest.fixture
def home(crm: Salesforce, tmp_path: Path) -> Home:
    write_sources(tmp_path / "sources.yml", {"name": "crm", "type": "salesforce"} | crm.entry())
    return Home(tmp_path)


def _once(
    change: Callable[[Asked, Answer], Answer], when: Callable[[Asked], bool]
) -> Callable[[Asked, Answer], Answer]:
    done: list[bool] = []

    def fault(asked: Asked, answer: Answer) -> Answer:
        if done or not when(asked):
            return answer
        done.append(True)
        return change(asked, answer)

    return fault


def _is_second_page(asked: Asked) -> bool:
    return asked.path.endswith(f"-{PAGE}")


def _long(answer: Answer) -> dict[str, str]:
    return {"Content-Length": str(len(answer.content))}


HANDLED: dict[str, Callable[[Asked, Answer], Answer]] = {
    "429 with Retry-After": lambda _, __: Answer([{"errorCode": "X", "message": "slow"}], 429, {"Retry-After": "0"}),
    "429 without Retry-After": lambda _, __: Answer([], 429),
    "500": lambda _, __: Answer(b"oops", 500),
    "502": lambda _, __: Answer(b"<html>bad gateway</html>", 502, {"Content-Type": "text/html"}),
    "truncated JSON": lambda _, answer: Answer(answer.content[:-20]),
    "HTML in a 200": lambda _, __: Answer(b"<html>maintenance</html>", 200, {"Content-Type": "text/html"}),
    "an expired token": lambda _, __: Answer([{"errorCode": "INVALID_SESSION_ID", "message": "expired"}], 401),
    "a body that breaks off": lambda _, answer: Answer(answer.content[:-9], 200, _long(answer)),
}  # fmt: skip


@pytest.mark.parametrize("change", HANDLED.values(), ids=HANDLED.keys())
def test_what_passes_is_handled(
    crm: Salesforce, home: Home, change: Callable[[Asked, Answer], Answer]
) -> None:
    crm.simulator.fault = _once(change, _is_second_page)
    assert home.extract(**ONLY).failures == []
    assert len(home.truth(TABLE)) == len(home.versions(TABLE)) == 2 * PAGE + 1


def _first_page(crm: Salesforce) -> Callable[[Asked, Answer], Answer]:
    def fault(asked: Asked, answer: Answer) -> Answer:
        if not _is_second_page(asked):
            return answer
        number = asked.path.rpartition("/")[2].partition("-")[0]
        body = json.loads(answer.content)
        return Answer(body | {"records": crm.simulator.first_page(number)})

    return fault


TOLD: dict[str, tuple[Callable[[Asked, Answer], Answer], str]] = {
    "a daily limit": (
        lambda _, __: Answer([{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "Limit exceeded."}], 403),
        "daily limit of API requests is used up",
    ),
    "a limit of hours": (lambda _, __: Answer([], 429, {"Retry-After": "7200"}), "asks to wait 7200 seconds"),
    "a field that is not there": (
        lambda _, __: Answer([{"errorCode": "INVALID_FIELD", "message": "No such column 'Foo__c'"}], 400),
        "No such column 'Foo__c'",
    ),
    "a maintenance page for good": (lambda _, __: Answer(b"<html>we are down</html>", 503), "the answer is a web page"),
    "an answer of another shape": (lambda _, __: Answer({"foo": 1}), "no 'records'"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "sentence"), TOLD.values(), ids=TOLD.keys())
def test_what_does_not_pass_is_told_and_the_next_run_completes_it(
    crm: Salesforce, home: Home, change: Callable[[Asked, Answer], Answer], sentence: str
) -> None:
    crm.simulator.fault = lambda asked, answer: change(asked, answer) if _is_second_page(asked) else answer
    report = home.extract(**ONLY)
    (failure,) = report.failures
    assert failure.startswith("crm.opportunities: ")
    assert sentence in failure
    assert "simulated-secret" not in str(report)
    kept = len(home.truth(TABLE))
    assert kept == PAGE, "what came before the failure is kept"
    crm.simulator.fault = None
    assert home.extract(**ONLY).failures == []
    assert len(home.truth(TABLE)) == len(home.versions(TABLE)) == 2 * PAGE + 1


def test_a_page_that_comes_twice_is_told(crm: Salesforce, home: Home) -> None:
    crm.simulator.fault = _first_page(crm)
    (failure,) = home.extract(**ONLY).failures
    assert "the same page came twice" in failure


def test_fewer_records_than_there_are_is_told(crm: Salesforce, home: Home) -> None:
    def lose_one(asked: Asked, answer: Answer) -> Answer:
        body = json.loads(answer.content)
        return Answer(body | {"records": body["records"][1:]}) if _is_second_page(asked) else answer

    crm.simulator.fault = lose_one
    (failure,) = home.extract(**ONLY).failures
    assert f"{2 * PAGE - 1} records came, and the system said there are {2 * PAGE}" in failure
    crm.simulator.fault = None
    home.extract(**ONLY)
    assert len(home.truth(TABLE)) == 2 * PAGE + 1


def test_records_that_a_page_lacks_are_read_again_however_old_they_are(crm: Salesforce, home: Home) -> None:
    for number in range(2 * PAGE + 1):
        crm.put(number, "10.00", second=3600 * number)  # farther apart than clocks differ

    def lose_one_and_break(asked: Asked, answer: Answer) -> Answer:
        if asked.path.endswith(f"-{2 * PAGE}"):
            return Answer([{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "Limit exceeded."}], 403)
        body = json.loads(answer.content)
        return Answer(body | {"records": body["records"][1:]}) if _is_second_page(asked) else answer

    crm.simulator.fault = lose_one_and_break
    (failure,) = home.extract(**ONLY).failures
    assert f"{2 * PAGE - 1} records came, and the system said there are {2 * PAGE}" in failure
    crm.simulator.fault = None
    assert home.extract(**ONLY).failures == []
    assert len(home.truth(TABLE)) == len(home.versions(TABLE)) == 2 * PAGE + 1


def test_a_field_that_is_new_to_the_extraction_reaches_all_records_after_a_failure(
    crm: Salesforce, home: Home
) -> None:
    for number, row in enumerate(crm.simulator.records["Opportunity"]):
        row |= {"Origin__c": "self_sourced", "SystemModstamp": f"2026-03-01T{number:02d}:00:00.000+0000"}
    home.extract(**ONLY)
    entry = crm.entry() | {"mapping": {"deals": {"columns": {"claimed_source": "Origin__c"}}}}
    write_sources(home.folder / "sources.yml", {"name": "crm", "type": "salesforce"} | entry)
    crm.simulator.fault = lambda asked, answer: (
        Answer([{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "Limit exceeded."}], 403)
        if _is_second_page(asked)
        else answer
    )
    assert len(home.extract(**ONLY).failures) == 1
    crm.simulator.fault = None
    assert home.extract(**ONLY).failures == []
    assert [record.get("Origin__c") for record in home.truth(TABLE).values()] == ["self_sourced"] * (
        2 * PAGE + 1
    )


def test_a_wrong_secret_is_one_sentence_for_each_permission(crm: Salesforce, home: Home) -> None:
    crm.secret("client_secret", "wr0ng-secret")
    found = check(home.instances()[0])
    assert {one.passed for one in found} == {False}
    assert all("the client_id or the client_secret is wrong" in one.sentence for one in found)
    assert "wr0ng-secret" not in str(found)


def test_an_address_where_nobody_listens_is_one_sentence(crm: Salesforce, home: Home) -> None:
    crm.simulator.__exit__()
    found = check(home.instances()[0])
    assert all("the connection could not be made" in one.sentence for one in found)
    crm.simulator = crm.simulator.__class__({}).__enter__()


def test_a_used_field_of_another_kind_stops_the_resource_and_no_other(crm: Salesforce, home: Home) -> None:
    home.extract()
    for row in crm.simulator.records["Opportunity"]:
        row |= {"Amount": {"value": 10, "unit": "CNY"}, "SystemModstamp": "2026-03-02T00:00:00.000+0000"}
    crm.simulator.records["User"].append(
        {
            "Id": "005B",
            "Name": "B",
            "Email": "b@x",
            "IsActive": True,
            "SystemModstamp": "2026-03-02T00:00:00.000+0000",
        }
    )
    report = home.extract()
    (failure,) = report.failures
    assert "'Amount'" in failure
    assert "is now of the kind object and was number since the extraction 000001-" in failure
    assert home.truth("raw_salesforce.users").keys() == {"005B"}
    assert all("'unit'" not in str(record) for record in home.truth(TABLE).values())


def test_a_new_field_is_taken_in_and_told(crm: Salesforce, home: Home) -> None:
    home.extract(**ONLY)
    entry = crm.entry() | {"mapping": {"deals": {"columns": {"claimed_source": "Origin__c"}}}}
    write_sources(home.folder / "sources.yml", {"name": "crm", "type": "salesforce"} | entry)
    for row in crm.simulator.records["Opportunity"]:
        row["Origin__c"] = "self_sourced"  # no new time of change: the field is new to the extraction alone
    report = home.extract(**ONLY)
    assert report.failures == []
    assert report.resources[0].new_fields == ["Origin__c"]
    assert {record["Origin__c"] for record in home.truth(TABLE).values()} == {"self_sourced"}
