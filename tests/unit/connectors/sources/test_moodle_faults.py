"""What only Moodle does: exceptions in an HTTP 200, a request for each user and course, courses without completion."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connectors.sources.checking import check
from demo.simulators.server import Answer, Asked
from tests.support.answers import always, once
from tests.support.extracted import Home, write_sources
from tests.support.vendors.training import Moodle

FEBRUARY = 1769904000  # 2026-02-01 08:00 in Shanghai


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Moodle]:
    with Moodle(tmp_path) as made:
        for number in range(3):
            made.put(number, "17.10")
        yield made


@pytest.fixture
def home(site: Moodle, tmp_path: Path) -> Home:
    write_sources(tmp_path / "sources.yml", {"name": "lms", "type": "moodle"} | site.entry())
    return Home(tmp_path)


def _error(code: str) -> Answer:
    return Answer({"exception": "moodle_exception", "errorcode": code, "message": "said by the site"})


def _completes(
    site: Moodle, number: int, *times: int | None, aggregation: int = 1, completed: bool = True
) -> None:
    criteria = [{"type": 4, "complete": time is not None, "timecompleted": time} for time in times]
    site.simulator.records["completions"].append(
        {"courseid": 100 + number, "userid": 7, "completed": completed, "aggregation": aggregation,
         "completions": criteria}
    )  # fmt: skip


def _is(function: str) -> Any:
    return lambda asked: asked.form.get("wsfunction") == function


def test_what_a_user_completed_becomes_a_result_with_its_grade(site: Moodle, home: Home) -> None:
    _completes(site, 0, FEBRUARY, FEBRUARY + 60)
    _completes(site, 1, FEBRUARY, FEBRUARY + 60, None, aggregation=2)
    _completes(site, 2, FEBRUARY, None, completed=False)
    site.simulator.records["grades"][1]["gradeitems"][1]["percentageformatted"] = "-"
    assert home.extract().failures == []
    home.deliver()
    done = dt.datetime.fromisoformat("2026-02-01")
    assert home.rows(
        "select employee_id, course_id, completed_at, exam_score, passed from raw_files.course_results order by 2"
    ) == [
        ("7", "100", done + dt.timedelta(minutes=1), Decimal("85.50"), True),
        ("7", "101", done, None, True),
    ]
    assert home.rows("select course_id, title from raw_files.courses order by 1") == [
        (f"{100 + number}", f"Course {number}") for number in range(3)
    ]
    assert home.rows("select source, source_user_id, employee_id from raw_files.source_users") == [
        ("lms", "7", "e7@example.com")
    ]


def test_one_request_a_user_and_course_and_none_for_the_site_itself(site: Moodle, home: Home) -> None:
    _completes(site, 0, FEBRUARY)
    assert home.extract(only=["completions"]).failures == []
    forms = [one.form for one in site.simulator.asked]
    asked = [(form["courseid"], form["userid"]) for form in forms if "userid" in form]
    assert asked == [("100", "7"), ("101", "7"), ("102", "7")]
    assert not any(form.get("courseid") == "1" for form in forms)
    assert set(home.truth("raw_moodle.completions")) == {"100|7"}, "a course without criteria says nothing"
    assert not any("simulated-token" in str(one.query) for one in site.simulator.asked)


@pytest.mark.parametrize("code", ["usernotenroled", "nocriteriaset"])
def test_a_user_who_leaves_while_pages_are_read_is_no_error(site: Moodle, home: Home, code: str) -> None:
    for number in range(3):
        _completes(site, number, FEBRUARY)
    site.simulator.fault = once(_error(code), lambda asked: asked.form.get("userid") == "7")
    assert home.extract(only=["completions"]).failures == []
    assert set(home.truth("raw_moodle.completions")) == {"101|7", "102|7"}


def test_an_exception_that_passes_is_handled(site: Moodle, home: Home) -> None:
    site.simulator.fault = once(_error("dmlreadexception"), _is("gradereport_user_get_grade_items"))
    assert home.extract(only=["grades"]).failures == []
    assert len(home.truth("raw_moodle.grades")) == 3


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("accessexception", "the function is not in the token's service"),
        ("cannotviewreport", "may not see reports"),
        ("somethingelse", "the request was refused"),
    ],
)
def test_an_exception_that_stays_is_told_and_the_others_go_on(
    site: Moodle, home: Home, code: str, sentence: str
) -> None:
    site.simulator.fault = always(_error(code), _is("gradereport_user_get_grade_items"))
    report = home.extract()
    (failure,) = report.failures
    assert failure.startswith("lms.grades: ")
    assert sentence in failure
    assert f"({code}: said by the site)" in failure
    assert len(home.truth("raw_moodle.enrolments")) == 3
    assert home.deliver() is None
    site.simulator.fault = None
    assert home.extract().failures == []


def test_each_permission_is_tried(site: Moodle, home: Home) -> None:
    site.simulator.fault = always(
        _error("accessexception"), _is("core_completion_get_course_completion_status")
    )
    found = {one.what: one for one in check(home.instances()[0])}
    assert [name for name, one in found.items() if not one.passed] == ["completions"]
    assert "core_completion_get_course_completion_status" in found["completions"].hint


def test_a_wrong_token_is_one_sentence_for_each_permission(site: Moodle, home: Home) -> None:
    site.secret("token", "wr0ng-token")
    found = check(home.instances()[0])
    assert all("the token is not valid (invalidtoken" in one.sentence for one in found)
    assert "wr0ng-token" not in str(found)


def test_an_answer_of_another_shape_is_told(site: Moodle, home: Home) -> None:
    def fault(asked: Asked, given: Answer) -> Answer:
        return Answer({"foo": 1}) if asked.form["wsfunction"] == "core_course_get_courses" else given

    site.simulator.fault = fault
    report = home.extract()
    assert len(report.failures) == 4
    assert all("is no list" in one or "no list" in one for one in report.failures)


def test_a_site_without_courses_has_nothing(site: Moodle, home: Home) -> None:
    for kind in site.simulator.records.values():
        kind.clear()
    assert home.extract().failures == []
