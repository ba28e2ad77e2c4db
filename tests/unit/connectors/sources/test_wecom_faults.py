"""What only WeCom does: errors in an HTTP 200, limits without a time, users that are left out, shared customers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from connectors.sources.checking import check
from demo.simulators.server import Answer, Asked
from tests.support.connected_system import PAGE, records
from tests.support.extracted import Home, write_sources
from tests.support.vendors.wecom import ADDED, Wecom

ONLY = {"only": ["contacts"]}
TABLE = "raw_wecom.contacts"
MANY = 4 * PAGE  # two pages of each of the two users


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Wecom]:
    with Wecom(tmp_path) as made:
        for number in range(MANY):
            made.put(number, "10.00")
        yield made


def _home(company: Wecom, folder: Path, **more: Any) -> Home:
    write_sources(folder / "sources.yml", {"name": "wecom", "type": "wecom"} | company.entry() | more)
    return Home(folder)


def _error(code: int) -> Answer:
    return Answer({"errcode": code, "errmsg": "the vendor's words"})


def _is_later_page(asked: Asked) -> bool:
    return asked.path.endswith("/get_by_user") and asked.data["cursor"] != ""


@pytest.mark.parametrize(("code", "seconds"), [(45009, 60), (45033, 2), (-1, 1)])
def test_a_limit_in_an_http_200_is_waited_for(
    company: Wecom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, seconds: int
) -> None:
    waited: list[float] = []
    monkeypatch.setattr("tenacity.nap.time", SimpleNamespace(sleep=waited.append))
    home = _home(company, tmp_path, patience={"attempts": "3", "longest_wait": "60"})
    left = [_error(code)]
    company.simulator.fault = lambda asked, good: left.pop() if left and _is_later_page(asked) else good
    assert len(records(home.instances()[0], "contacts")) == MANY
    assert waited == [seconds]


def test_a_token_that_expires_between_two_pages_is_renewed(company: Wecom, tmp_path: Path) -> None:
    home = _home(company, tmp_path)
    expired: list[str] = []

    def expire(asked: Asked, good: Answer) -> Answer:
        if not expired and _is_later_page(asked):
            expired.append(asked.query["access_token"])
            company.simulator.tokens.clear()
            return _error(42001)
        return good

    company.simulator.fault = expire
    assert len(records(home.instances()[0], "contacts")) == MANY
    later = {asked.query["access_token"] for asked in company.simulator.asked[-3:]}
    assert later.isdisjoint(expired)
    assert len(company.simulator.asked[-1].repeated["access_token"]) == 1


TOLD = {
    "an address that is not trusted": (60020, "not among the application's trusted addresses (60020: "),
    "a permission that is missing": (48002, "may not use this interface"),
    "a number nobody knows": (99999, "the request was refused (99999: the vendor's words)"),
}


@pytest.mark.parametrize(("code", "sentence"), TOLD.values(), ids=TOLD.keys())
def test_an_error_in_an_http_200_is_told_and_is_no_record(
    company: Wecom, tmp_path: Path, code: int, sentence: str
) -> None:
    home = _home(company, tmp_path)
    company.simulator.fault = lambda asked, good: _error(code) if _is_later_page(asked) else good
    (failure,) = home.extract(**ONLY).failures
    assert failure.startswith("wecom.contacts: ")
    assert sentence in failure
    assert not home.warehouse.exists()


def test_users_that_are_left_out_are_no_deletions(company: Wecom, tmp_path: Path) -> None:
    home = _home(company, tmp_path)
    home.extract(**ONLY)

    def without_licence(asked: Asked, good: Answer) -> Answer:
        if asked.path.endswith("/get_by_user") and asked.data["userid_list"] == ["rocky"]:
            left_out = {"fail_info": {"unlicensed_userid_list": ["rocky"]}}
            return Answer(
                {"errcode": 0, "errmsg": "ok", "external_contact_list": [], "next_cursor": ""} | left_out
            )
        return good

    company.simulator.fault = without_licence
    (failure,) = home.extract(**ONLY).failures
    assert "they have no licence: rocky (1 in all)" in failure
    assert len(home.truth(TABLE)) == MANY
    home = _home(company, tmp_path, exclude_users=["rocky"])
    assert home.extract(**ONLY).resources[0].rows_deleted == MANY // 2


def test_a_cursor_that_does_not_move_on_is_told(company: Wecom, tmp_path: Path) -> None:
    home = _home(company, tmp_path)

    def stay(asked: Asked, good: Answer) -> Answer:
        if not asked.path.endswith("/get_by_user"):
            return good
        return Answer({"errcode": 0, "errmsg": "ok", "external_contact_list": [], "next_cursor": "same"})

    company.simulator.fault = stay
    (failure,) = home.extract(**ONLY).failures
    assert "the same cursor came twice" in failure


def test_a_wrong_secret_is_one_sentence_for_each_permission(company: Wecom, tmp_path: Path) -> None:
    home = _home(company, tmp_path)
    company.secret("corpsecret", "wr0ng-secret")
    found = check(home.instances()[0])
    assert [one.passed for one in found] == [False, False]
    assert all("the corpsecret is wrong (40001" in one.sentence for one in found)
    assert "wr0ng-secret" not in str(found)


def test_a_customer_of_two_users_is_one_customer_and_two_leads(company: Wecom, tmp_path: Path) -> None:
    contacts = company.simulator.records["contacts"]
    del contacts[2:]
    again = json.loads(json.dumps(contacts[1]))  # the second user adds the first one's customer, earlier
    again["external_contact"] = contacts[0]["external_contact"]
    again["follow_info"] |= {
        "createtime": ADDED - 86_400,
        "state": "fair2026",
        "remark_mobiles": ["13800138000"],
    }
    contacts.append(again)
    company.simulator.records["users"] += [{"userid": "rocky", "name": "R", "department": [1]}]
    home = _home(company, tmp_path)
    assert home.extract().failures == []
    report = home.deliver()
    assert report is not None
    assert report.quarantined == 0
    assert home.rows("select customer_id, owner_employee_id, phone from raw_files.customers order by 1") == [
        ("wo0000", "zhangsan", "13800138000"),
        ("wo0001", "zhangsan", None),
    ]
    assert home.rows("select lead_id, channel from raw_files.leads order by 1") == [
        ("wo0000-rocky", "qr_code"),
        ("wo0000-zhangsan", "fair2026"),
        ("wo0001-zhangsan", "qr_code"),
    ]
