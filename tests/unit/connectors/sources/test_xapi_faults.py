"""What only learning record stores do: voiding, `more` of any kind, scores of 0 to 1, attempts without a number."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connectors.sources.checking import check
from demo.simulators.server import Answer, Asked
from demo.simulators.xapi import VOIDED
from tests.support.extracted import Home, write_sources
from tests.support.systems import PAGE
from tests.support.vendors.training import COURSE, VERBS, Xapi

TABLE = "raw_xapi.statements"


@pytest.fixture
def lrs(tmp_path: Path) -> Iterator[Xapi]:
    with Xapi(tmp_path) as made:
        yield made


@pytest.fixture
def home(lrs: Xapi, tmp_path: Path) -> Home:
    write_sources(tmp_path / "sources.yml", {"name": "lrs", "type": "xapi"} | lrs.entry())
    return Home(tmp_path)


def _say(lrs: Xapi, number: int, **different: Any) -> None:
    lrs.put(number, "1.00", second=number)
    lrs.simulator.records["statements"][-1] |= different


def _account(name: str) -> dict[str, Any]:
    return {"account": {"homePage": "https://hr.example.com", "name": name}}


@pytest.mark.parametrize("hides_voided", [True, False])
def test_a_voided_statement_is_deleted_whether_or_not_the_store_still_gives_it(
    lrs: Xapi, home: Home, hides_voided: bool
) -> None:
    lrs.simulator.hides_voided = hides_voided
    for number in range(3):
        lrs.put(number, "10.00", second=number)
    home.extract()
    lrs.delete(1, second=60)
    for _ in range(2):
        assert home.extract().failures == []
        assert set(home.truth(TABLE)) == {lrs.record_id(0), lrs.record_id(2)}
    (voided,) = [record for _, record, is_deleted in home.versions(TABLE) if is_deleted]
    assert voided["voided_by"]["verb"]["id"] == VOIDED
    assert len(home.versions(TABLE)) == 4


def test_a_statement_that_was_voided_before_the_first_extraction_never_counts(lrs: Xapi, home: Home) -> None:
    lrs.simulator.hides_voided = False
    for number in range(2 * PAGE):
        lrs.put(number, "10.00", second=number)
    lrs.delete(0, second=60)
    home.extract()
    assert lrs.record_id(0) not in home.truth(TABLE)
    assert len(home.truth(TABLE)) == 2 * PAGE - 1


def test_a_store_that_turns_each_page_round_is_put_right(lrs: Xapi, home: Home) -> None:
    lrs.simulator.hides_voided = False
    for number in range(2):
        lrs.put(number, "10.00", second=number)
    lrs.delete(0, second=60)

    def reversed_page(_: Asked, given: Answer) -> Answer:
        body = json.loads(given.content)
        return Answer(body | {"statements": body["statements"][::-1]})

    lrs.simulator.fault = reversed_page
    home.extract()
    assert set(home.truth(TABLE)) == {lrs.record_id(1)}


def test_statements_of_other_verbs_are_left_out(lrs: Xapi, tmp_path: Path) -> None:
    for number, verb in enumerate(("completed", "passed", "failed", "experienced")):
        _say(lrs, number, verb={"id": f"{VERBS}{verb}"})
    entry = {"name": "lrs", "type": "xapi"} | lrs.entry()
    write_sources(tmp_path / "sources.yml", entry)
    home = Home(tmp_path)
    home.extract()
    assert set(home.truth(TABLE)) == {lrs.record_id(number) for number in range(3)}
    write_sources(tmp_path / "sources.yml", entry | {"name": "other", "verbs": [f"{VERBS}experienced"]})
    home.extract()
    assert lrs.record_id(3) in home.truth(TABLE)


def test_what_came_before_a_failure_is_kept_and_the_next_run_goes_on(lrs: Xapi, home: Home) -> None:
    for number in range(2 * PAGE):
        lrs.put(number, "10.00", second=number * 3600)
    lrs.simulator.fault = lambda asked, given: Answer(b"oops", 500) if "more" in asked.query else given
    (failure,) = home.extract().failures
    assert "the answer is no complete JSON (HTTP 500)" in failure
    assert len(home.truth(TABLE)) == PAGE
    lrs.simulator.fault = None
    home.extract()
    assert len(home.truth(TABLE)) == len(home.versions(TABLE)) == 2 * PAGE
    assert lrs.simulator.asked[-2].query.get("since", "").startswith("2026-03-01T02:50")


def test_credentials_go_to_no_other_host(lrs: Xapi, home: Home) -> None:
    for number in range(PAGE + 1):
        lrs.put(number, "10.00", second=number)

    def fault(_: Asked, given: Answer) -> Answer:
        body = json.loads(given.content)
        more = {"more": f"https://elsewhere.example{body['more']}"} if "more" in body else {}
        return Answer(body | more)

    lrs.simulator.fault = fault
    assert home.extract().failures == []
    assert len(home.truth(TABLE)) == PAGE + 1


def test_scores_are_exact_and_each_end_of_a_course_is_an_attempt(lrs: Xapi, home: Home) -> None:
    common = {"actor": _account("E1")}
    score = {"score": {"scaled": 0.985}}
    _say(lrs, 1, **common, result=score, timestamp="2026-03-01T17:00:00Z")
    _say(lrs, 2, **common, verb={"id": f"{VERBS}failed"}, result={"score": {"scaled": 0.8333333333333334}},
         timestamp="2026-03-02T00:30:00+08:00")  # fmt: skip
    _say(lrs, 3, actor={"mbox": "mailto:ben@example.com"}, verb={"id": f"{VERBS}completed"}, result={})
    home.extract()
    home.deliver()
    assert home.rows(
        "select employee_id, attempt, exam_score, passed from raw_files.course_results order by 1, 2"
    ) == [
        ("E1", 1, Decimal("83.33"), False),
        ("E1", 2, Decimal("98.50"), True),
        ("ben@example.com", 1, None, None),
    ]


def test_a_course_has_its_last_name_and_a_chinese_one_first(lrs: Xapi, home: Home) -> None:
    names = [{"zh-CN": "旧名"}, {"zh-CN": "新名"}, {"en-US": "New name"}]
    for number, name in enumerate(names):
        _say(lrs, number, object={"id": COURSE, "definition": {"name": name}})
    _say(
        lrs, 4, object={"id": "https://lms.example.com/course/2", "definition": {"name": {"en-US": "Other"}}}
    )
    home.extract()
    home.deliver()
    assert home.rows("select course_id, title from raw_files.courses order by 1") == [
        (COURSE, "新名"),
        ("https://lms.example.com/course/2", "Other"),
    ]


def test_a_wrong_password_is_one_sentence(lrs: Xapi, home: Home) -> None:
    lrs.secret("password", "wr0ng-password")
    (found,) = check(home.instances()[0])
    assert "the username or the password is wrong (HTTP 401" in found.sentence
    assert "wr0ng-password" not in str(found)


def test_a_wrong_endpoint_is_one_sentence(lrs: Xapi, tmp_path: Path) -> None:
    entry = lrs.entry() | {"endpoint": f"{lrs.simulator.url}/lrs"}
    write_sources(tmp_path / "sources.yml", {"name": "lrs", "type": "xapi"} | entry)
    (failure,) = Home(tmp_path).extract().failures
    assert "there is no xAPI at the endpoint (HTTP 404" in failure


def test_a_page_without_statements_is_told(lrs: Xapi, home: Home) -> None:
    lrs.simulator.fault = lambda _, __: Answer({"hits": []})
    (failure,) = home.extract().failures
    assert "no 'statements'" in failure
