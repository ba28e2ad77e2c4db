"""What an attempt comes to: answers of servers on loopback, and servers that never finish."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.feishu import NotifyFeishu
from apprise.plugins.lark import NotifyLark
from apprise.plugins.wecombot import NotifyWeComBot

from serving.alerts import parse_channels
from serving.alerts.model import Message, MessageKind
from serving.alerts.sending.attempt import Attempt, Result
from serving.alerts.sending.robots import _signature, attempt_of
from serving.alerts.sending.transport import send
from serving.alerts.sending.wire import Answer

MESSAGE = Message(
    "0123456789abcdef", "team", MessageKind.ALERT, "题目 <1>", "正文\n.第二行", "0123456789abcdef"
)
Session = Callable[[socket.socket], None]


@contextmanager
def serving(session: Session) -> Iterator[int]:
    """A server that holds one session after the other with its clients."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def run() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    try:
                        session(connection)
                    except OSError:
                        continue

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def read_request(connection: socket.socket) -> tuple[bytes, bytes]:
    """Head and body of an HTTP request."""
    taken = b""
    while b"\r\n\r\n" not in taken:
        taken += connection.recv(65_536)
    head, _, body = taken.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65_536)
    return head, body


def http(
    status: str, body: str = "", header: str = "", seen: list[tuple[bytes, bytes]] | None = None
) -> Session:
    """A server that gives one answer."""

    def session(connection: socket.socket) -> None:
        request = read_request(connection)
        if seen is not None:
            seen.append(request)
        content = body.encode()
        head = f"HTTP/1.1 {status}\r\n{header}Content-Length: {len(content)}\r\nConnection: close\r\n\r\n"
        connection.sendall(head.encode() + content)

    return session


def attempt(url: str) -> tuple[Attempt, bool]:
    """What sending came to, and whether a byte had left."""
    left: list[bool] = []
    (channel,) = parse_channels(url)
    return send(channel, MESSAGE, lambda: left.append(True)), bool(left)


@pytest.mark.parametrize(
    ("status", "result"),
    [
        ("200 OK", Result.SENT),
        ("204 No Content", Result.SENT),
        ("302 Found", Result.REFUSED),
        ("307 Temporary Redirect", Result.REFUSED),
        ("400 Bad Request", Result.REFUSED),
        ("404 Not Found", Result.REFUSED),
        ("429 Too Many Requests", Result.REFUSED),
        ("500 Internal Server Error", Result.UNKNOWN),
        ("502 Bad Gateway", Result.UNKNOWN),
        ("503 Service Unavailable", Result.UNKNOWN),
        ("504 Gateway Timeout", Result.UNKNOWN),
    ],
)
def test_a_status_of_a_webhook(status: str, result: Result) -> None:
    with serving(http(status, header="Location: http://127.0.0.1:1/login\r\n")) as port:
        assert attempt(f"json://127.0.0.1:{port}/hook")[0].result is result


@pytest.mark.parametrize(
    ("scheme", "body", "result"),
    [
        ("wecombot", '{"errcode":0,"errmsg":"ok"}', Result.SENT),
        ("wecombot", '{"errcode":93000}', Result.REFUSED),
        ("wecombot", '{"code":0}', Result.UNKNOWN),
        ("dingtalk", '{"errcode":130101}', Result.REFUSED),
        ("feishu", '{"code":0,"msg":"success"}', Result.SENT),
        ("feishu", '{"StatusCode":0,"StatusMessage":"success"}', Result.SENT),
        ("lark", '{"code":11232,"msg":"frequency limited"}', Result.REFUSED),
        ("feishu", "<html>Please log in</html>", Result.UNKNOWN),
        ("wecombot", "", Result.UNKNOWN),
        ("dingtalk", "[]", Result.UNKNOWN),
        ("dingtalk", '{"errcode":"0"}', Result.UNKNOWN),
        ("wecombot", '{"errcode":false}', Result.UNKNOWN),
        ("wecombot", "[" * 65_000, Result.UNKNOWN),
        ("json", '{"code":200}', Result.SENT),
    ],
)
def test_an_answer_of_a_robot(scheme: str, body: str, result: Result) -> None:
    assert attempt_of(Answer(200, body), scheme).result is result


def test_a_robot_that_is_busy_is_left_alone_for_a_minute() -> None:
    assert attempt_of(Answer(200, '{"errcode":45009}'), "wecombot").wait == 60
    assert attempt_of(Answer(429), "json").wait == 60


@pytest.mark.parametrize(
    ("url", "service", "address", "document"),
    [
        (
            "wecombot://a-key",
            (NotifyWeComBot, "notify_url"),
            "/send?key={key}",
            {"msgtype": "markdown", "markdown": {"content": "**题目 ＜1>**\n正文\n.第二行"}},
        ),
        (
            "dingtalk://abcdefghi",
            (NotifyDingTalk, "notify_url"),
            "/send?access_token={token}",
            {
                "msgtype": "text",
                "at": {"atMobiles": [], "isAtAll": False},
                "text": {"content": "题目 <1>\n正文\n.第二行"},
            },
        ),
        (
            "feishu://abc",
            (NotifyFeishu, "notify_url"),
            "/hook/{token}/",
            {"msg_type": "text", "content": {"text": "题目 ＜1>\n正文\n.第二行"}},
        ),
        (
            "lark://abc",
            (NotifyLark, "notify_url"),
            "/hook/",
            {"msg_type": "text", "content": {"text": "题目 ＜1>\n正文\n.第二行"}},
        ),
    ],
)
def test_the_document_of_a_robot(url, service, address, document, monkeypatch) -> None:
    seen: list[tuple[bytes, bytes]] = []
    with serving(http("200 OK", '{"errcode":0,"code":0}', seen=seen)) as port:
        monkeypatch.setattr(*service, f"http://127.0.0.1:{port}{address}")
        assert attempt(url) == (Attempt(Result.SENT), True)
    assert json.loads(seen[0][1]) == document


def test_a_dingtalk_request_is_signed_with_the_secret() -> None:
    signed = _signature("SEC-1", 1_700_000_000_000)
    assert signed == {"timestamp": "1700000000000", "sign": "NtaOIHUOnOm5rIBVbP/RIW0r8CaROJyHuKMf6rU4150="}


def test_a_webhook_gets_its_key_its_password_and_its_own_fields() -> None:
    seen: list[tuple[bytes, bytes]] = []
    with serving(http("200 OK", seen=seen)) as port:
        assert (
            attempt(f"json://user:pass@127.0.0.1:{port}/hook?-a=b&+X-Own=1&:team=x")[0].result is Result.SENT
        )
    head, body = seen[0]
    assert head.startswith(b"POST /hook?a=b HTTP/1.1")
    for line in (b"idempotency-key: 0123456789abcdef", b"x-own: 1", b"authorization: basic dxnlcjpwyxnz"):
        assert line in head.lower()
    assert json.loads(body) == {
        "version": "1.0",
        "title": "题目 <1>",
        "message": "正文\n.第二行",
        "attachments": [],
        "type": "info",
        "team": "x",
    }


def test_nothing_has_left_when_the_server_cannot_be_reached() -> None:
    with serving(http("200 OK")) as port:
        pass
    assert attempt(f"json://127.0.0.1:{port}?cto=1") == (Attempt(Result.REFUSED, "cannot be reached"), False)
    assert attempt(f"mailto://127.0.0.1:{port}?from=a@x.com&to=b@x.com&mode=insecure&cto=1") == (
        Attempt(Result.REFUSED, "cannot be reached"),
        False,
    )


def dripping(before: bytes) -> Session:
    """A server whose answer never ends, one byte at a time."""

    def session(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(before)
        for _ in range(200):
            time.sleep(0.05)
            connection.sendall(b"x")

    return session


@pytest.mark.parametrize("before", [b"HTTP/1.1 200 OK\r\nX-Slow: ", b""])
def test_one_deadline_ends_an_answer_that_never_ends(before: bytes) -> None:
    with serving(dripping(before)) as port:
        began = time.monotonic()
        found, has_left = attempt(f"json://127.0.0.1:{port}?cto=0.5&rto=0.5")
        assert time.monotonic() - began < 3
    assert (found.result, has_left) == (Result.UNKNOWN, True)


def mail(codes: dict[str, str], seen: list[str]) -> Session:
    """An SMTP server; a code by command replaces the usual answer, an empty one closes the connection."""

    def session(connection: socket.socket) -> None:
        file = connection.makefile("rwb")

        def answer(command: str, usual: str) -> bool:
            said = codes.get(command, usual)
            if said:
                file.write(f"{said}\r\n".encode())
                file.flush()
            return bool(said)

        if not answer("CONNECT", "220 here"):
            return
        while line := file.readline().decode():
            seen.append(line.strip())
            command = line.split(":")[0].split()[0].upper()
            usual = {"EHLO": "250 here", "DATA": "354 go on"}.get(command, "250 ok")
            whole = f"{command} {line.strip().partition(' ')[2]}"
            if not answer(whole if whole in codes else command, usual):
                return
            if command == "DATA" and codes.get("DATA", "354").startswith("354"):
                while (text := file.readline()) != b".\r\n":
                    seen.append(text.decode().rstrip("\r\n"))
                if not answer("END", "250 taken"):
                    return

    return session


MAIL = "mailto://127.0.0.1:{port}?from=me@x.com&to=a@x.com,b@x.com&mode=insecure&cto=1&rto=1"


@pytest.mark.parametrize(
    ("codes", "result", "left"),
    [
        ({}, Result.SENT, True),
        ({"CONNECT": "554 no"}, Result.REFUSED, False),
        ({"MAIL": "451 later"}, Result.REFUSED, False),
        ({"RCPT": "550 unknown"}, Result.REFUSED, False),
        ({"DATA": "554 no"}, Result.REFUSED, True),
        ({"END": "452 full"}, Result.REFUSED, True),
        ({"END": ""}, Result.UNKNOWN, True),
        ({"RCPT TO:<b@x.com>": "550 unknown"}, Result.UNKNOWN, True),
    ],
)
def test_an_answer_of_a_mail_server(codes: dict[str, str], result: Result, left: bool) -> None:
    with serving(mail(codes, [])) as port:
        found, has_left = attempt(MAIL.format(port=port))
    assert (found.result, has_left) == (result, left), found


def test_a_mail_keeps_its_id_and_its_lines() -> None:
    seen: list[str] = []
    with serving(mail({}, seen)) as port:
        attempt(MAIL.format(port=port))
    text = "\n".join(seen)
    assert "rcpt TO:<a@x.com>\nrcpt TO:<b@x.com>" in text
    assert "Message-ID: <0123456789abcdef@" in text
    assert "To: a@x.com, b@x.com" in text
