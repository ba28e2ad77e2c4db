"""What a channel is told: once, again only when it came back, in one summary when there is much."""

from pathlib import Path

import pytest

from serving.alerts import (
    AlertReport,
    Checks,
    Closed,
    Wording,
    alert_state,
    deliver_alerts,
    parse_channels,
    send_digest,
)
from serving.alerts.sending.attempt import Attempt, Result
from serving.alerts.store import DamagedStateError
from tests.unit.serving.alerts.fakes import Check, Inbox, alert, many, marts, team


@pytest.fixture
def inbox():
    return Inbox()


class Place:
    """A home and a database."""

    def __init__(self, folder: Path, inbox: Inbox) -> None:
        self.folder, self.inbox = folder, inbox

    def deliver(self, rows, *channels, **options) -> AlertReport:
        database = marts(self.folder / "w.duckdb", rows) if rows is not None else None
        return deliver_alerts(database, self.folder, team(*channels), outside=self.inbox.outside(), **options)


@pytest.fixture
def place(tmp_path, inbox):
    return Place(tmp_path, inbox)


def test_an_alert_is_told_once_however_often_it_is_delivered(place, inbox):
    first = place.deliver([alert(1)])
    second = place.deliver([alert(1)])
    assert (first.raised, first.sent, second.raised, second.sent) == (1, 1, 0, 0)
    [(_, message)] = inbox.taken
    assert message.title == "激励预警：阶段超期 · 到访"
    assert "客户：大华集团 (C1)" in message.body
    assert "责任人：王海燕 (E1)" in message.body
    assert "应完成：2026-10-01 08:00" in message.body


def test_each_channel_is_told_once_in_its_language(place, inbox):
    place.deliver([alert(1)], "ops=json://127.0.0.1:2?lang=en")
    assert [name for name, _ in inbox.taken] == ["team", "ops"]
    assert inbox.titles[1] == "Incentives alert: Stage late · visited"


def test_an_alert_that_was_closed_when_first_seen_is_not_told(place, inbox):
    report = place.deliver([alert(1, state="closed", closed_at="2026-10-02")])
    assert (report.open, report.raised, inbox.taken) == (0, 0, [])


def test_a_mended_alert_is_closed_silently_and_told_anew_when_it_comes_back(place, inbox):
    place.deliver([alert(1)])
    assert place.deliver([alert(1, state="closed", closed_at="2026-11-02")]).closed == 1
    assert len(inbox.taken) == 1
    assert place.deliver([alert(1)]).raised == 1
    assert len(inbox.taken) == 2


def test_an_alert_that_lapsed_is_closed_and_counted_as_lapsed(place, inbox):
    place.deliver([alert(1), alert(2)])
    lapsed = alert(1, state="lapsed", closed_at="2026-11-01")
    report = place.deliver([lapsed, alert(2, state="closed", closed_at="2026-11-02")])
    assert (report.open, report.closed, report.lapsed) == (0, 2, 1)
    again = place.deliver([lapsed])
    assert (again.closed, again.lapsed, len(inbox.taken)) == (0, 0, 2)


def test_an_alert_that_is_gone_is_closed_with_a_message_when_that_is_wanted(place, inbox):
    wording = Wording(closed=Closed.MESSAGE)
    place.deliver([alert(1)], wording=wording)
    for _ in range(2):
        place.deliver([], wording=wording)
    assert inbox.titles[1:] == ["预警已解除：阶段超期 · 到访"]


def test_what_was_mended_before_it_could_be_sent_is_never_told(place, inbox):
    inbox.down = True
    place.deliver([alert(1)])
    inbox.down = False
    place.deliver([], wording=Wording(closed=Closed.MESSAGE), is_urgent=True)
    assert inbox.taken == []


def test_many_alerts_at_the_first_run_make_one_summary(place, inbox):
    report = place.deliver(many(300))
    assert report.raised == 300
    assert inbox.titles == ["激励预警汇总：新增 300 条"]
    assert "阶段超期 300" in inbox.taken[0][1].body
    place.deliver([*many(300), alert(999)])
    assert inbox.titles[1:] == ["激励预警：阶段超期 · 到访"]


def test_a_channel_that_is_added_later_gets_a_summary_of_its_own(place, inbox):
    place.deliver(many(30))
    place.deliver(many(30), "ops=json://127.0.0.1:2")
    assert [name for name, _ in inbox.taken] == ["team", "ops"]


def test_what_piled_up_while_a_channel_was_down_becomes_one_summary(place, inbox):
    inbox.down = True
    place.deliver(many(15))
    place.deliver(many(30))
    inbox.down = False
    place.deliver(many(30), is_urgent=True)
    assert inbox.titles == ["激励预警汇总：新增 30 条"]


def test_a_channel_that_is_down_is_retried_kept_and_served_later(place, inbox):
    inbox.down = True
    report = place.deliver([alert(1)])
    assert (report.sent, report.waiting, report.errors) == (0, 1, ("team: cannot be reached",))
    assert inbox.clock.waits == [1, 2]
    inbox.down = False
    assert place.deliver([alert(1)]).waiting == 1, "a run leaves a channel alone that failed a moment ago"
    inbox.clock.pass_by(61)
    assert place.deliver([alert(1)]).sent == 1
    assert len(inbox.taken) == 1


def test_one_channel_that_is_down_does_not_stop_the_others(place, inbox, monkeypatch):
    take = inbox.send
    monkeypatch.setattr(
        inbox,
        "send",
        lambda channel, *rest: (
            Attempt(Result.REFUSED, "no") if channel.name == "team" else take(channel, *rest)
        ),
    )
    report = place.deliver([alert(1)], "ops=json://127.0.0.1:2")
    assert [(one.channel, one.sent, one.waiting) for one in report.channels] == [
        ("team", 0, 1),
        ("ops", 1, 0),
    ]


def test_a_failed_check_is_told_once_and_closed_when_it_passes(place, inbox):
    failed = [Check("marts/fct_payouts", "unique_line_id", "3 rows")]
    assert place.deliver(None, checks=Checks(failed)).raised == 1
    assert place.deliver(None, checks=Checks(failed)).raised == 0
    assert "marts/fct_payouts unique_line_id: 3 rows" in inbox.taken[0][1].body
    assert place.deliver([alert(1)]).open == 2, "without a run the check is as it was"
    assert place.deliver(None, checks=Checks(are_all=False)).closed == 0, "a run that stopped on the way"
    assert place.deliver(None, checks=Checks()).closed == 1


def test_without_a_database_the_alerts_of_the_marts_stay_as_they_are(place):
    place.deliver([alert(1)])
    assert place.deliver(None, checks=Checks()).open == 1


def test_a_damaged_state_is_named_with_what_to_do(place, tmp_path):
    place.deliver([alert(1)])
    (tmp_path / "alerts" / "state.sqlite").write_bytes(b"not a database" * 400)
    with pytest.raises(DamagedStateError, match=r"state\.sqlite is damaged .*Move the file away"):
        place.deliver([alert(1)])


def test_without_channels_the_state_is_kept(tmp_path):
    report = deliver_alerts(marts(tmp_path / "w.duckdb", many(3)), tmp_path, ())
    assert (report.open, report.channels) == (3, ())
    assert len(alert_state(tmp_path).alerts) == 3


def test_a_database_without_alerts_is_fine(tmp_path):
    import duckdb

    with duckdb.connect(str(tmp_path / "w.duckdb")) as connection:
        connection.execute("create schema marts")
    assert deliver_alerts(tmp_path / "w.duckdb", tmp_path, ()).open == 0


def test_the_digest_goes_out_once_a_day(place, inbox, tmp_path):
    place.deliver([*many(3), alert(9, kind="held_payout", stage=None, responsible_employee_id="E9")])
    for _ in range(2):
        send_digest(tmp_path, team(), outside=inbox.outside())
    inbox.clock.pass_by(86_400)
    send_digest(tmp_path, team(), outside=inbox.outside())
    digests = [message for _, message in inbox.taken if "日报" in message.title]
    assert [message.title for message in digests] == [
        "激励预警日报 2026-11-02：未处理 4 条",
        "激励预警日报 2026-11-03：未处理 4 条",
    ]
    lines = digests[0].body.splitlines()
    assert lines[1:3] == ["- 阶段超期 3", "- 奖金暂扣 1"]
    assert lines[4] == "- 王海燕 (E1) 3 (2026-10-01 08:00)"


def test_an_attempt_without_an_answer_is_not_repeated_and_named_in_the_next_message(place, inbox):
    inbox.answers = [Attempt(Result.UNKNOWN, "was sent, but the answer is missing")]
    report = place.deliver([alert(1)])
    assert (report.channels[0].unconfirmed, report.waiting) == (1, 0)
    for _ in range(2):
        place.deliver([alert(1)], is_urgent=True)
    assert inbox.titles == ["激励预警：阶段超期 · 到访", "激励预警：1 条消息送达情况不明"]
    assert f"#{inbox.taken[0][1].message_id[:8]}" in inbox.taken[1][1].body


def test_a_receiver_that_knows_messages_again_gets_an_uncertain_one_once_more_with_the_same_key(
    tmp_path, inbox
):
    inbox.answers = [Attempt(Result.UNKNOWN, "no answer"), Attempt(Result.SENT), Attempt(Result.SENT)]
    hook = parse_channels("hook=json://127.0.0.1:3?delivery=at_least_once")
    database = marts(tmp_path / "w.duckdb", many(2))
    report = deliver_alerts(database, tmp_path, hook, outside=inbox.outside())
    keys = [message.message_id for _, message in inbox.taken]
    assert (report.sent, report.channels[0].unconfirmed) == (2, 0)
    assert keys[0] == keys[1] != keys[2]
