"""K3Cloud's WebAPI as far as an extraction needs it: signed ExecuteBillQuery, sessions, errors in the shape of rows.

Belongs here: that protocol. Does not belong here: records.
"""

from __future__ import annotations

import base64
import codecs
import hashlib
import hmac
import re
import secrets
from typing import Any
from urllib.parse import quote

from demo.simulators.server import Answer, Asked, Records, Simulator

_QUERY = "ExecuteBillQuery.common.kdsvc"
_CONDITION = re.compile(r"(?P<field>[\w.]+)\s*(?P<sign>>=|<=|<>|=|>|<)\s*(?P<value>'[^']*'|\d+)$")
_MASK = codecs.encode("0054s397p6234378o09pn7q3r5qropr7", "rot13").encode()
APP_ID = "200001_" + base64.b64encode(b"a key inside the id 24 b").decode()
MOST = 10_000


class KingdeeSimulator(Simulator):
    """An account set that holds rows of forms: FormId to rows by field, such as `FCustId.FNumber`.

    Args:
        records: Form to its rows.
        app_secret: Of the application; its id is APP_ID.
        most: Rows it gives at most, whatever is asked for.

    Attributes:
        sessions: Those that have not been lost.
    """

    def __init__(self, records: Records, app_secret: str = "simulated-secret", most: int = MOST) -> None:
        super().__init__(records)
        self.app_secret, self.most = app_secret, most
        self.sessions: set[str] = set()

    def answer(self, asked: Asked) -> Answer:
        """The rows of a query."""
        if not self._is_signed(asked):
            return Answer("response_error:签名校验失败，请检查应用密钥".encode())
        session = asked.headers.get("kdservice-sessionid", "")
        if session and session not in self.sessions:
            return error("会话信息已丢失，请重新登录", 1)
        if not session:
            session = secrets.token_hex(8)
            self.sessions.add(session)
        if not asked.path.endswith(_QUERY):
            return error("服务不存在", 0)
        answer = self._rows(asked.data["data"])
        return Answer(answer.body, 200, {"Set-Cookie": f"kdservice-sessionid={session}; path=/"})

    def _is_signed(self, asked: Asked) -> bool:
        headers = asked.headers
        path = quote(asked.path).replace("/", "%2F")
        nonce, now = headers.get("x-api-nonce", ""), headers.get("x-api-timestamp", "")
        text = f"POST\n{path}\n\nx-api-nonce:{nonce}\nx-api-timestamp:{now}\n"
        held = base64.b64decode(APP_ID.partition("_")[2])
        key = base64.b64encode(bytes(one ^ other for one, other in zip(held, _MASK, strict=False))).decode()
        data = base64.b64decode(headers.get("x-kd-appdata", "")).decode()
        return (
            headers.get("x-kd-appkey") == APP_ID
            and headers.get("x-api-signature") == _signed(text, key)
            and headers.get("x-kd-signature") == _signed(APP_ID + data, self.app_secret)
        )

    def _rows(self, asked: dict[str, Any]) -> Answer:
        rows = self.records.get(asked["FormId"])
        if rows is None:
            return error(f"业务对象{asked['FormId']}不存在", 0)
        fields = [one.strip() for one in asked["FieldKeys"].split(",")]
        known = {field.casefold() for row in rows for field in row}
        for field in fields if rows else ():
            if field.casefold() not in known:
                return error(f"字段{field}不存在", 0)
        try:
            chosen = [row for row in rows if _holds(row, asked.get("FilterString") or "")]
        except ValueError as wrong:
            return error(f"过滤条件错误：{wrong}", 0)
        for part in reversed([one for one in (asked.get("OrderString") or "").split(",") if one.strip()]):
            field, _, direction = part.strip().partition(" ")
            chosen.sort(key=lambda row, by=field: _comparable(row.get(by)), reverse=direction == "DESC")  # type: ignore[misc]
        start, limit = int(asked.get("StartRow") or 0), int(asked.get("Limit") or 0)
        end = start + min(limit or self.most, self.most)
        return Answer([[_of(row, field) for field in fields] for row in chosen[start:end]])


def error(message: str, code: int) -> Answer:
    """What K3Cloud answers when something is wrong: in the lists that rows would be in."""
    status = {
        "ErrorCode": 500,
        "IsSuccess": False,
        "Errors": [{"FieldName": None, "Message": message, "DIndex": 0}],
        "SuccessEntitys": [],
        "SuccessMessages": [],
        "MsgCode": code,
    }
    return Answer([[{"Result": {"ResponseStatus": status}}]])


def _signed(text: str, key: str) -> str:
    return base64.b64encode(
        hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest().encode()
    ).decode()


def _of(row: dict[str, Any], field: str) -> Any:
    return next((value for name, value in row.items() if name.casefold() == field.casefold()), None)


def _holds(row: dict[str, Any], filter_: str) -> bool:
    """Conditions joined by `and`; in parentheses, by `or`."""
    parts = [one.strip() for one in filter_.split(" and ") if one.strip()]
    return all(any(_is_true(row, one.strip()) for one in part.strip("()").split(" or ")) for part in parts)


def _is_true(row: dict[str, Any], condition: str) -> bool:
    found = _CONDITION.match(condition)
    if found is None:
        raise ValueError(condition)
    value = _of(row, found["field"])
    if value is None:
        return False
    one, other = _comparable(value), _comparable(found["value"].strip("'"))
    return {
        ">": one > other,
        ">=": one >= other,
        "<": one < other,
        "<=": one <= other,
        "=": one == other,
    }.get(found["sign"], one != other)


def _comparable(value: Any) -> tuple[int, str]:
    """Numbers by their size, moments and texts as texts."""
    text = str(value if value is not None else "").replace("T", " ")
    return (int(text), "") if text.isdecimal() else (0, text)
