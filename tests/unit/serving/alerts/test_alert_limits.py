"""The limits of channels: bytes, messages a minute, and what robots answer inside an HTTP 200."""

import pytest

from serving.alerts import deliver_alerts, parse_channels
from serving.alerts.channels import ChannelError, Policy
from serving.alerts.sending.attempt import Attempt, Result
from serving.alerts.sending.robots import MARKDOWN_BYTES, markdown
from serving.alerts.texts import cut, parts_of
from tests.unit.serving.alerts.fakes import Inbox, alert, many, marts


@pytest.mark.parametrize("size", range(3, 14))
def test_a_text_is_cut_between_characters(size):
    text = cut("到访abc接待", size)
    assert len(text.encode()) <= size
    assert text.endswith("…") or text == "到访abc接待"
    assert "\ufffd" not in text


def test_lines_are_joined_up_to_the_last_byte():
    assert parts_of(["一二", "三四", "五"], 13) == ["一二\n三四", "五"]
    assert parts_of(["一二三四五六"], 9) == ["一二…"]


def test_wecom_markdown_never_exceeds_its_bytes():
    content = markdown("题" * 50, "内容" * 5_000)["markdown"]["content"]
    assert MARKDOWN_BYTES - 3 < len(content.encode()) <= MARKDOWN_BYTES
    assert content.endswith("…")


def test_wecom_markdown_holds_no_mention_and_no_link_of_a_customer():
    content = markdown("", "标题\n客户：<@all> [点击](http://x)")["markdown"]["content"]
    assert content == "**标题**\n客户：＜@all> ［点击](http://x)"


@pytest.mark.parametrize("scheme", ["wecombot://key", "dingtalk://abcdefghi", "feishu://abc"])
def test_no_message_to_a_robot_is_too_long(tmp_path, scheme):
    inbox, channels = Inbox(), parse_channels(f"team={scheme}")
    names = [alert(number, responsible_employee_id=f"员工{'长' * 60}{number}") for number in range(200)]
    deliver_alerts(marts(tmp_path / "w.duckdb", names), tmp_path, channels, outside=inbox.outside())
    assert inbox.taken
    for _, message in inbox.taken:
        assert len(f"**{message.title}**\n{message.body}".encode()) <= channels[0].limits.bytes


def test_a_long_summary_is_split_and_numbered(tmp_path):
    inbox = Inbox()
    rows = [alert(number, responsible_employee_id="员" * 90 + str(number)) for number in range(200)]
    deliver_alerts(
        marts(tmp_path / "w.duckdb", rows),
        tmp_path,
        parse_channels("wecombot://key"),
        outside=inbox.outside(),
    )
    count = len(inbox.taken)
    assert count > 1
    assert [title[-5:] for title in inbox.titles] == [f"({part}/{count})" for part in range(1, count + 1)]


def test_a_robot_gets_at_most_twenty_messages_in_any_minute(tmp_path):
    inbox = Inbox()
    channels = parse_channels("team=wecombot://key")
    report = deliver_alerts(
        marts(tmp_path / "w.duckdb", many(20)), tmp_path, channels, patience=0, outside=inbox.outside()
    )
    assert (report.sent, report.waiting) == (20, 0)
    inbox.clock.pass_by(5)
    more = marts(tmp_path / "w.duckdb", many(40))
    report = deliver_alerts(more, tmp_path, channels, patience=10, outside=inbox.outside())
    assert (report.sent, report.waiting) == (0, 20), "no patience: the rest is kept"
    deliver_alerts(more, tmp_path, channels, patience=100, outside=inbox.outside())
    assert len(inbox.taken) == 40
    for index in range(20, 40):
        assert (inbox.times[index] - inbox.times[index - 20]).total_seconds() > 60


def test_a_robot_that_says_too_often_is_left_alone_for_a_minute(tmp_path):
    inbox = Inbox(answers=[Attempt(Result.REFUSED, "the robot answers with error 45009", wait=60)])
    database, channels = marts(tmp_path / "w.duckdb", [alert(1)]), parse_channels("wecombot://key")
    report = deliver_alerts(database, tmp_path, channels, patience=10, outside=inbox.outside())
    assert (report.sent, inbox.clock.waits) == (0, [])
    report = deliver_alerts(
        database, tmp_path, channels, is_urgent=True, patience=90, outside=inbox.outside()
    )
    assert report.sent == 1


def test_channels_are_read_from_one_setting():
    channels = parse_channels(
        "team=wecombot://KEY, mailto://u:p@example.com?to=a@x.com,b@x.com&lang=en\n"
        "hook=json://h/p?delivery=at_least_once&cto=3,\n"
    )
    assert [channel.scheme for channel in channels] == ["wecombot", "mailto", "json"]
    assert [channel.language for channel in channels] == [None, "en", None]
    assert channels[2].policy is Policy.AT_LEAST_ONCE
    assert channels[2].url == "json://h/p?cto=3"
    assert channels[1].url.endswith("?to=a%40x.com%2Cb%40x.com")
    assert channels[1].name.startswith("mailto-")
    assert "KEY" not in repr(channels)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hello", "is no URL"),
        ("a=json://x,a=json://y", "the name a a second time"),
        ("json://x?lang=fr", "lang=fr"),
        ("json://secret?delivery=twice", "delivery=twice"),
    ],
)
def test_a_wrong_setting_is_named_without_its_secrets(text, said):
    with pytest.raises(ChannelError, match=said) as caught:
        parse_channels(text)
    assert "secret" not in str(caught.value)
