"""What only Tryton does: its refusals, its silence about forbidden fields, inactive records, typed values."""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connectors.sources.checking import check
from demo.simulators.server import Answer, Asked
from tests.support.connected_system import PAGE
from tests.support.extracted import Home, write_sources
from tests.support.vendors.tryton import Tryton, at

ONLY = {"only": ["opportunities"]}
TABLE = "raw_tryton.opportunities"
HTML = {"Content-Type": "text/html"}


@pytest.fixture
def erp(tmp_path: Path) -> Iterator[Tryton]:
    with Tryton(tmp_path) as made:
        for number in range(2 * PAGE + 1):
            made.put(number, "10.00", second=number)
        yield made


@pytest.fixture
def home(erp: Tryton, tmp_path: Path) -> Home:
    write_sources(tmp_path / "sources.yml", {"name": "erp", "type": "tryton"} | erp.entry())
    return Home(tmp_path)


def _domain(asked: Asked) -> list[Any]:
    found: list[Any] = json.loads(base64.urlsafe_b64decode(asked.query["d"]))
    return found


def _is_second_page(asked: Asked) -> bool:
    return ["id", ">", PAGE] in _domain(asked)


HANDLED: dict[str, Callable[[Answer], Answer]] = {
    "429": lambda _: Answer(b"<html>Too Many Requests</html>", 429, HTML),
    "an error of the server that passes": lambda _: Answer(b"<html>Internal Server Error</html>", 500, HTML),
    "a database that restarts": lambda _: Answer(b"<html>Service Unavailable</html>", 503, HTML),
    "truncated JSON": lambda answer: Answer(answer.content[:-20]),
}


@pytest.mark.parametrize("change", HANDLED.values(), ids=HANDLED.keys())
def test_what_passes_is_handled(erp: Tryton, home: Home, change: Callable[[Answer], Answer]) -> None:
    done: list[bool] = []

    def fault(asked: Asked, answer: Answer) -> Answer:
        if done or not _is_second_page(asked):
            return answer
        done.append(True)
        return change(answer)

    erp.simulator.fault = fault
    assert home.extract(**ONLY).failures == []
    assert done
    assert len(home.truth(TABLE)) == len(home.versions(TABLE)) == 2 * PAGE + 1


TOLD: dict[str, tuple[Answer, str]] = {
    "a cancelled key": (Answer(b"<html>", 401, HTML), "not that of a validated user application"),
    "no right to read": (Answer(b"<html>", 403, HTML), "may not read this model"),
    "an error for good": (Answer(b"<html>", 500, HTML), "a web page (HTTP 500)"),
    "a refusal in words": (
        Answer({"status": 400, "message": "the domain is odd", "description": ""}, 400),
        "refused the request: the domain is odd",
    ),
    "no list": (Answer({"error": "x"}), "no list of records"),
    "another class of values": (
        Answer([{"id": 99, "__name__": "m"} | {"amount": {"__class__": "complex"}}]),
        "Tryton left out the field",
    ),
}


@pytest.mark.parametrize(("answer", "sentence"), TOLD.values(), ids=TOLD.keys())
def test_what_does_not_pass_is_told_and_the_next_run_completes_it(
    erp: Tryton, home: Home, answer: Answer, sentence: str
) -> None:
    erp.simulator.fault = lambda asked, given: answer if _is_second_page(asked) else given
    (failure,) = home.extract(**ONLY).failures
    assert failure.startswith("erp.opportunities: ")
    assert sentence in failure
    erp.simulator.fault = None
    assert home.extract(**ONLY).failures == []
    assert len(home.truth(TABLE)) == len(home.versions(TABLE)) == 2 * PAGE + 1


def test_a_model_that_is_not_there_is_told_at_once(erp: Tryton, home: Home) -> None:
    del erp.simulator.records["sale.opportunity"]
    (failure,) = home.extract(**ONLY).failures
    assert "Tryton knows no 'sale.opportunity': no such model or field" in failure
    assert len(erp.simulator.asked) == 1, "trying again would not help"


def test_a_page_that_comes_twice_is_told(erp: Tryton, home: Home) -> None:
    pages: list[Answer] = []

    def again(asked: Asked, answer: Answer) -> Answer:
        pages.append(answer)
        return pages[0] if _is_second_page(asked) else answer

    erp.simulator.fault = again
    (failure,) = home.extract(**ONLY).failures
    assert "came twice" in failure


def test_what_is_deleted_while_pages_are_read_hides_no_other_record(erp: Tryton, home: Home) -> None:
    def delete_one(asked: Asked, answer: Answer) -> Answer:
        erp.delete(0)
        return answer

    erp.simulator.fault = delete_one
    assert home.extract(**ONLY).failures == []
    others = {erp.record_id(number) for number in range(1, 2 * PAGE + 1)}
    assert set(home.truth(TABLE)) == others | {erp.record_id(0)}, "it was read before it was deleted"
    home.extract(**ONLY)
    assert set(home.truth(TABLE)) == others


def test_a_field_that_is_left_out_is_told_by_the_check_and_the_extraction(erp: Tryton, home: Home) -> None:
    erp.simulator.forbidden = {"amount"}
    (failure,) = home.extract(**ONLY).failures
    assert "Tryton left out the field 'amount'" in failure
    (told,) = [one for one in check(home.instances()[0]) if not one.passed]
    assert "opportunities cannot be read: Tryton left out the field 'amount'" in told.sentence


def test_a_wrong_key_and_a_wrong_database_are_one_sentence_for_each_resource(erp: Tryton, home: Home) -> None:
    erp.secret("key", "wr0ng-key")
    found = check(home.instances()[0])
    assert {one.passed for one in found} == {False}
    assert all("the key is not that of a validated user application" in one.sentence for one in found)
    assert "wr0ng-key" not in str(found)
    write_sources(
        home.folder / "sources.yml", {"name": "erp", "type": "tryton"} | erp.entry() | {"database": "other"}
    )
    assert all("there is no database 'other'" in one.sentence for one in check(home.instances()[0]))


def test_a_record_that_was_made_inactive_is_not_deleted(erp: Tryton, home: Home) -> None:
    party = {"id": 7, "name": "客户甲", "active": True, "create_date": at(0), "write_date": None}
    parties = erp.simulator.records["party.party"]
    parties.append(party | dict.fromkeys(("code", "phone", "mobile", "email")) | {"contact_mechanisms": []})
    home.extract(only=["parties"])
    parties[0] |= {"active": False, "write_date": at(60)}
    told = home.extract(only=["parties"]).resources[0]
    assert (told.rows_new, told.rows_deleted) == (1, 0)
    assert home.truth("raw_tryton.parties")["7"]["active"] is False


def test_a_changed_telephone_number_reaches_the_party(erp: Tryton, home: Home) -> None:
    telephone = {"id": 1, "create_date": at(0), "write_date": None}
    party = {
        "id": 7,
        "name": "客户甲",
        "active": True,
        "create_date": at(0),
        "write_date": None,
        "mobile": "1",
    }
    party |= {"code": None, "phone": None, "email": None, "contact_mechanisms": [telephone]}
    erp.simulator.records["party.party"] += [party, party | {"id": 8, "create_date": at(9000)}]
    home.extract(only=["parties"])
    telephone["write_date"] = at(20_000)
    party["mobile"] = "2"
    home.extract(only=["parties"])
    assert home.truth("raw_tryton.parties")["7"]["mobile"] == "2"


def test_a_record_never_changed_is_read_once_and_then_no_more(erp: Tryton, home: Home) -> None:
    home.extract(**ONLY)
    erp.put(40, "1.00", second=9000)
    home.extract(**ONLY)
    assert home.extract(**ONLY).resources[0].rows_read == 1
    assert home.truth(TABLE)["41"]["changed_at"] == "2026-03-01T02:30:00.000123+00:00"


def test_typed_values_are_exact_text(erp: Tryton, home: Home) -> None:
    erp.simulator.records["sale.opportunity"][0] |= {
        "amount": Decimal("12345678901234567.10"),
        "end_date": dt.date(2026, 3, 9),
    }
    home.extract(**ONLY)
    record = home.truth(TABLE)["1"]
    assert record["amount"] == "12345678901234567.10"
    assert (record["end_date"], record["currency"]["code"]) == ("2026-03-09", "CNY")
    assert record["reference_to_it"] == "sale.opportunity,1"
    assert record["create_date"] == "2026-03-01T00:00:00.000123+00:00"
