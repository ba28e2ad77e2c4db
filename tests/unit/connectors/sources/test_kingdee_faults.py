"""What only Kingdee K3Cloud does: errors in the shape of rows, lost sessions, approvals without a date of change."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.kingdee.source import _record
from connectors.sources.checking import check
from connectors.sources.errors import SourceFailed
from demo.simulators.kingdee import APP_ID, error
from demo.simulators.server import Answer, Asked
from tests.support.connected_system import PAGE, records
from tests.support.extracted import Home, write_sources
from tests.support.vendors.kingdee import Kingdee, local

ONLY = {"only": ["sales_orders"]}
TABLE = "raw_kingdee.sales_orders"
MANY = 2 * PAGE + 1


@pytest.fixture
def erp(tmp_path: Path) -> Iterator[Kingdee]:
    with Kingdee(tmp_path) as made:
        for number in range(MANY):
            made.put(number, "10.00", second=number)
        yield made


@pytest.fixture
def home(erp: Kingdee, tmp_path: Path) -> Home:
    write_sources(tmp_path / "sources.yml", {"name": "erp", "type": "kingdee"} | erp.entry())
    return Home(tmp_path)


def _orders(erp: Kingdee) -> list[dict[str, Any]]:
    return erp.simulator.records["SAL_SaleOrder"]


def _is_later_page(asked: Asked) -> bool:
    return "FID>" in asked.data["data"]["FilterString"]


def test_a_lost_session_is_begun_again(erp: Kingdee, home: Home) -> None:
    lost: list[str] = []

    def lose(asked: Asked, good: Answer) -> Answer:
        if lost or not _is_later_page(asked):
            return good
        lost.append(asked.headers["kdservice-sessionid"])
        erp.simulator.sessions.clear()
        return error("会话信息已丢失，请重新登录", 1)

    erp.simulator.fault = lose
    assert len(records(home.instances()[0], "sales_orders")) == MANY
    refused, again = [asked for asked in erp.simulator.asked if _is_later_page(asked)][:2]
    assert refused.body == again.body
    assert refused.headers["x-api-nonce"] != again.headers["x-api-nonce"]
    assert "kdservice-sessionid" not in again.headers
    assert erp.simulator.asked[-1].headers["kdservice-sessionid"] not in lost


TOLD: dict[str, tuple[Answer, str]] = {
    "an error in the shape of rows": (
        error("字段FFoo不存在", 0),
        "the request was refused (500: 字段FFoo不存在)",
    ),
    "a session that stays lost": (error("会话信息已丢失，请重新登录", 1), "会话信息已丢失"),
    "an error as a text": (
        Answer("response_error:  没有权限\n".encode()),
        "the request was refused (没有权限)",
    ),
    "an error as a text of JSON": (Answer("response_error: 没有权限"), "the request was refused (没有权限)"),
    "a row that lacks a value": (Answer([[1, "XSDD"]]), "a row does not have the"),
    "another shape": (Answer({"foo": 1}), "the answer is no list"),
}


@pytest.mark.parametrize(("answer", "sentence"), TOLD.values(), ids=TOLD.keys())
def test_an_error_is_told_and_is_no_record(erp: Kingdee, home: Home, answer: Answer, sentence: str) -> None:
    erp.simulator.fault = lambda asked, good: answer if _is_later_page(asked) else good
    (failure,) = home.extract(**ONLY).failures
    assert failure.startswith("erp.sales_orders: ")
    assert sentence in failure
    assert not home.warehouse.exists()


def test_rows_that_go_and_change_while_pages_are_read_move_no_others(erp: Kingdee, home: Home) -> None:
    changed: list[bool] = []

    def change(asked: Asked, good: Answer) -> Answer:
        if not changed and asked.data["data"]["Limit"] == PAGE:
            changed.append(True)
            erp.delete(0)  # of the page that was just given
            erp.put(1, "77.00", second=7200)
            erp.put(MANY - 1, "88.00", second=14_400)
        return good

    erp.simulator.fault = change
    first = home.extract(**ONLY)
    assert first.failures == []
    assert len(home.truth(TABLE)) == MANY - 1, "all but the one that changed and was not yet read"
    home.extract(**ONLY)
    truth = home.truth(TABLE)
    assert sorted(truth) == [erp.record_id(number) for number in range(1, MANY)]
    amounts = [erp.amount_of(truth[erp.record_id(number)]) for number in (1, MANY - 1)]
    assert amounts == ["77.00", "88.00"]


def test_a_server_that_gives_fewer_rows_than_asked_for_is_read_to_the_end(erp: Kingdee, home: Home) -> None:
    erp.simulator.most = PAGE - 1
    assert len(records(home.instances()[0], "sales_orders")) == MANY


def test_an_approval_arrives_though_the_date_of_change_stays(erp: Kingdee, home: Home) -> None:
    since = "2026-03-01T01:00:00"
    assert records(home.instances()[0], "sales_orders", since) == []
    _orders(erp)[0] |= {"FDocumentStatus": "C", "FApproveDate": local(10_800)}
    _orders(erp)[1] |= {"FCancelStatus": "B", "FCancelDate": local(10_800)}
    found = records(home.instances()[0], "sales_orders", since)
    assert [one["FBillNo"] for one in found] == ["XSDD000000", "XSDD000001"]


def test_a_wrong_secret_is_one_sentence_for_each_permission(erp: Kingdee, home: Home) -> None:
    erp.secret("app_secret", "wr0ng-secret")
    found = check(home.instances()[0])
    assert len(found) == 8
    assert all("签名校验失败" in one.sentence for one in found)
    assert "wr0ng-secret" not in str(found)
    assert APP_ID not in str(found)


def test_a_field_and_fields_inside_it_are_told_apart() -> None:
    assert _record(("FID", "FCustId.FNumber", "FCustId.FName"), [1, "C1", "甲"]) == {
        "FID": 1,
        "FCustId": {"FNumber": "C1", "FName": "甲"},
    }
    with pytest.raises(SourceFailed, match=r"FCustId and FCustId\.FNumber cannot both be asked for"):
        _record(("FCustId", "FCustId.FNumber"), [1, "C1"])


def _bill(key: str, number: int, **fields: Any) -> dict[str, Any]:
    dates = {"FModifyDate": local(1), "FApproveDate": local(1), "FCancelDate": None}
    return {key: number, "FDocumentStatus": "C", "FDate": "2026-03-02T00:00:00", **dates, **fields}


DEALS = "select deal_id, customer_id, owner_employee_id, amount::text, currency, status from raw_files.deals"


def test_bills_become_rows_of_templates(erp: Kingdee, home: Home) -> None:
    del _orders(erp)[1:]
    held = erp.simulator.records
    order, coin = {"FORDERNUMBER": "XSDD000000"}, {"FCURRENCYID.FCode": "CNY"}
    sale = {"FSALEORDERNO": "XSDD000000"}
    stock = {"FStockerId.FNumber": "0077_GW1", "FMaterialId.FNumber": "M1", "FCostAmount_LC": 30.005}
    held["AR_receivable"] += [
        _bill("FEntityDetail_FEntryID", 1, FALLAMOUNTFOR_D=6.5, **order, **coin),
        _bill("FEntityDetail_FEntryID", 2, FALLAMOUNTFOR_D=3.5, **order, **coin) | {"FDocumentStatus": "A"},
    ]
    held["AR_RECEIVEBILL"].append(_bill("FRECEIVEBILLENTRY_FEntryID", 1, FRECAMOUNTFOR_E=6.5, **sale, **coin))
    held["AR_REFUNDBILL"].append(
        _bill("FREFUNDBILLENTRY_FEntryID", 1, FREFUNDAMOUNTFOR_E=1.25, **sale, **coin)
    )
    held["STK_InStock"].append(_bill("FInStockEntry_FEntryID", 1, FRealQty=3, **stock))
    held["SAL_OUTSTOCK"].append(_bill("FEntity_FEntryID", 1, FRealQty=2, **stock))
    held["STK_MisDelivery"].append(_bill("FEntity_FEntryID", 1, FQty=1, FAmount=10, **stock))
    customer = {"FNumber": "CUST0001", "FName": "甲公司", "FTEL": None, "FSELLER.FNumber": None}
    held["BD_Customer"].append(_bill("FCUSTID", 1, FCreateDate=local(0), **customer))
    assert home.extract().failures == []
    report = home.deliver()
    assert report
    assert report.quarantined == 0
    assert home.rows(DEALS) == [("XSDD000000", "CUST0001", "01900", "10.00", "CNY", "signed")]
    assert home.rows(
        "select transaction_id, deal_id, kind, amount::text from raw_files.transactions order by 1"
    ) == [
        ("AR-1", "XSDD000000", "invoice", "6.50"),
        ("SK-1", "XSDD000000", "payment", "6.50"),
        ("TK-1", "XSDD000000", "refund", "1.25"),
    ]
    moves = home.rows(
        "select movement_id, kind, owner_employee_id, amount::text, moved_on::text from raw_files.material_movements "
        "order by 1"
    )
    assert moves == [
        ("CK-1", "issue", "0077", "30.01", "2026-03-02"),
        ("QT-1", "issue", "0077", "10.00", "2026-03-02"),
        ("RK-1", "receipt", "0077", "30.01", "2026-03-02"),
    ]
    assert home.rows("select customer_id, name from raw_files.customers") == [("CUST0001", "甲公司")]


def test_what_a_company_named_otherwise_is_asked_for_and_the_standard_field_is_not(
    erp: Kingdee, tmp_path: Path
) -> None:
    for row in _orders(erp):
        row["F_ACME_Seller.FNumber"] = "E9"
        del row["FSalerId.FNumber"]
    mapping = {"deals": {"columns": {"owner_employee_id": "F_ACME_Seller.FNumber"}}}
    write_sources(
        tmp_path / "sources.yml", {"name": "erp", "type": "kingdee", "mapping": mapping} | erp.entry()
    )
    record = records(Home(tmp_path).instances()[0], "sales_orders")[0]
    assert record["F_ACME_Seller"] == {"FNumber": "E9"}
