"""A real Ralph: what employees do in it between two extractions arrives, exactly once, and what is voided goes."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from connectors.sources.checking import check
from tests.support.extracted import Home, write_sources
from tests.support.ralph import Ralph, statement, voiding

TABLE = "raw_xapi.statements"
RESULTS = (
    "select employee_id, attempt, exam_score, passed from raw_files.course_results "
    "qualify row_number() over (partition by employee_id, course_id, attempt order by _load_seq desc) = 1 "
    "and not _is_deleted order by 1, 2"
)


@pytest.fixture(scope="module")
def ralph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ralph]:
    with Ralph(tmp_path_factory.mktemp("ralph")) as started:
        yield started


@pytest.fixture(scope="module")
def home(ralph: Ralph, tmp_path_factory: pytest.TempPathFactory) -> Home:
    folder = tmp_path_factory.mktemp("company")
    for name, value in zip(("username", "password"), ralph.client, strict=True):
        (folder / name).write_text(value)
    entry = {
        "name": "lrs",
        "type": "xapi",
        "endpoint": ralph.endpoint,
        "page_size": "50",
        "secrets": {name: {"file": str(folder / name)} for name in ("username", "password")},
    }
    write_sources(folder / "sources.yml", entry)
    return Home(folder)


def test_what_is_done_between_two_extractions_arrives(ralph: Ralph, home: Home) -> None:
    ralph.tell(statement("E1", "failed", 0.55), *(statement(f"X{n}", "completed") for n in range(99)))
    ralph.tell(*(statement(f"Y{n}", "experienced") for n in range(60)))
    (mistaken,) = ralph.tell(statement("E2", "passed", 0.985))
    first = home.extract()
    assert (first.failures, first.resources[0].rows_new) == ([], 101)
    home.deliver()
    found = home.rows(RESULTS)
    assert len(found) == 101
    assert found[0] == ("E1", 1, Decimal("55.00"), False)
    assert found[1] == ("E2", 1, Decimal("98.50"), True)
    assert home.rows("select course_id, title from raw_files.courses") == [
        ("https://lms.example.com/course/1", "产品知识")
    ]

    ralph.tell(statement("E1", "passed", 0.81), voiding(mistaken))
    second = home.extract()
    assert second.failures == []
    assert (second.resources[0].rows_new, second.resources[0].rows_deleted) == (2, 1)
    home.deliver()
    found = home.rows(RESULTS)
    assert found[:2] == [("E1", 1, Decimal("55.00"), False), ("E1", 2, Decimal("81.00"), True)]
    assert len(found) == 101

    before = home.warehouse.read_bytes()
    assert home.extract().resources[0].rows_new == 0
    assert home.warehouse.read_bytes() == before


def test_what_it_refuses_is_one_sentence(home: Home) -> None:
    (good,) = check(home.instances()[0])
    assert good.passed
    (home.folder / "password").write_text("wr0ng")
    (found,) = check(home.instances()[0])
    assert not found.passed
    assert (
        "the username or the password is wrong (HTTP 401: Invalid authentication credentials)"
        in found.sentence
    )
