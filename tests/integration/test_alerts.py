"""Alerts through apprise to a receiver on loopback: once, whenever the sender is killed; limits; a channel down."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from apprise.plugins.wecombot import NotifyWeComBot
from typer.testing import CliRunner

from orchestration.cli.app import app
from orchestration.errors import exit_code_of
from serving.alerts import Outside, deliver_alerts, parse_channels
from tests.integration.loopback import ROBOT_PATH, Receiver, receiving
from tests.unit.serving.alerts.fakes import HandClock, alert, many, marts

ROOT = Path(__file__).resolve().parents[2]
STEPS = 6  # planned; of the first message claimed, sending, answered, recorded; of the second claimed


def run_sender(database: Path, home: Path, channels: str, steps: int) -> int:
    command = [
        sys.executable,
        "-m",
        "tests.integration.alert_sender",
        str(database),
        str(home),
        channels,
        str(steps),
    ]
    return subprocess.run(command, cwd=ROOT, check=False, timeout=60).returncode


def texts(receiver: Receiver) -> list[str]:
    return [document["message"] for document in receiver.shown]


def arrivals(receiver: Receiver, deal: str) -> int:
    return sum(f"订单：{deal}" in text for text in texts(receiver))


@pytest.mark.slow
@pytest.mark.parametrize("policy", ["at_least_once", "at_most_once"])
def test_each_message_arrives_once_at_whatever_step_the_sender_is_killed(tmp_path, policy):
    database = marts(tmp_path / "w.duckdb", [alert(1, deal_id="D1"), alert(2, deal_id="D2")])
    for step in range(1, STEPS + 1):
        with receiving(Receiver(knows_keys=policy == "at_least_once")) as receiver:
            home = tmp_path / str(step)
            channels = f"team=json://127.0.0.1:{receiver.port}/?delivery={policy}"
            assert run_sender(database, home, channels, step) == -signal.SIGKILL
            for _ in range(2):
                deliver_alerts(database, home, parse_channels(channels), is_urgent=True)
        for deal in ("D1", "D2"):
            told = arrivals(receiver, deal)
            if policy == "at_most_once" and told == 0:
                # killed between the record and the first byte: nobody can know, so the notice says so
                assert step == 3
                assert any(
                    "阶段超期" in text and "#" in text for text in texts(receiver) if "订单" not in text
                )
            else:
                assert told == 1, f"killed after step {step}"


def test_two_senders_at_once_send_each_message_once(tmp_path):
    database = marts(tmp_path / "w.duckdb", [alert(n, deal_id=f"D{n}") for n in range(8)])
    with receiving(Receiver()) as receiver:
        channels = f"team=json://127.0.0.1:{receiver.port}"
        command = [
            sys.executable,
            "-m",
            "tests.integration.alert_sender",
            str(database),
            str(tmp_path),
            channels,
            "0",
        ]
        both = [subprocess.Popen(command, cwd=ROOT) for _ in range(2)]
        assert [one.wait(60) for one in both] == [0, 0]
    assert [arrivals(receiver, f"D{n}") for n in range(8)] == [1] * 8


def test_an_answer_that_is_lost_does_not_make_the_message_arrive_twice(tmp_path):
    database = marts(tmp_path / "w.duckdb", [alert(1)])
    with receiving(Receiver(drops=1)) as receiver:
        channels = parse_channels(f"team=json://127.0.0.1:{receiver.port}")
        report = deliver_alerts(database, tmp_path, channels)
        assert report.channels[0].unconfirmed == 1
        deliver_alerts(database, tmp_path, channels, is_urgent=True)
    assert arrivals(receiver, "D1") == 1
    assert len(receiver.shown) == 2, "the notice names the message"


def test_a_lost_answer_is_asked_for_again_where_the_receiver_knows_the_key(tmp_path):
    database = marts(tmp_path / "w.duckdb", [alert(1)])
    with receiving(Receiver(drops=1, knows_keys=True)) as receiver:
        channels = parse_channels(f"team=json://127.0.0.1:{receiver.port}?delivery=at_least_once")
        report = deliver_alerts(database, tmp_path, channels)
    assert (report.sent, arrivals(receiver, "D1"), len(receiver.requests)) == (1, 1, 2)
    assert len({headers["Idempotency-Key"] for headers in receiver.requests}) == 1


def test_a_channel_that_is_down_keeps_its_messages_for_later(tmp_path):
    database, clock = marts(tmp_path / "w.duckdb", many(2)), HandClock()
    with receiving(Receiver()) as receiver:
        port = receiver.port
    channels = parse_channels(f"team=json://127.0.0.1:{port}?cto=1")
    report = deliver_alerts(database, tmp_path, channels, outside=Outside(clock=clock.clock()))
    assert (report.sent, report.waiting, report.errors) == (0, 2, ("team: cannot be reached",))
    clock.pass_by(3600)
    with receiving(Receiver(status=403)) as receiver:
        channels = parse_channels(f"team=json://127.0.0.1:{receiver.port}")
        report = deliver_alerts(database, tmp_path, channels, outside=Outside(clock=clock.clock()))
        assert report.errors == ("team: HTTP 403",)
        receiver.status = 200
        clock.pass_by(3600)
        report = deliver_alerts(database, tmp_path, channels, outside=Outside(clock=clock.clock()))
        assert (report.sent, report.waiting, len(receiver.shown)) == (2, 0, 2)


def test_a_server_that_fails_gets_the_message_once(tmp_path):
    """A 503 does not say whether the message arrived; the notice names it as soon as the channel answers again."""
    database, clock = marts(tmp_path / "w.duckdb", [alert(1)]), HandClock()
    with receiving(Receiver(status=503)) as receiver:
        channels = parse_channels(f"team=json://127.0.0.1:{receiver.port}")
        for _ in range(7):
            report = deliver_alerts(database, tmp_path, channels, outside=Outside(clock=clock.clock()))
            clock.pass_by(3600)
        assert report.channels[0].unconfirmed == 0, "the notice of the first run is what fails now"
        alerts = [one for one in receiver.documents if "订单" in one["message"]]
    assert len(alerts) == 1


@pytest.fixture
def robot(monkeypatch):
    clock = HandClock()
    with receiving(Receiver(now=clock.seconds)) as receiver:
        monkeypatch.setattr(
            NotifyWeComBot, "notify_url", f"http://127.0.0.1:{receiver.port}{ROBOT_PATH}?key={{key}}"
        )
        yield receiver, clock


def test_the_wecom_robot_is_never_asked_too_often_nor_for_too_much(tmp_path, robot):
    receiver, clock = robot
    channels = parse_channels("wecombot://a-key")
    outside = Outside(clock=clock.clock())
    deliver_alerts(marts(tmp_path / "w.duckdb", many(15)), tmp_path, channels, outside=outside)
    rows = [alert(n, responsible_employee_id="员" * 90 + str(n)) for n in range(15, 200)]
    report = deliver_alerts(
        marts(tmp_path / "w.duckdb", [*many(15), *rows]), tmp_path, channels, patience=600, outside=outside
    )
    assert (report.errors, receiver.refused, report.waiting) == ((), 0, 0)
    assert len(receiver.shown) > 16
    assert receiver.shown[0]["markdown"]["content"].startswith(
        "**激励预警：阶段超期 · 到访**\n客户：大华集团"
    )


def test_an_error_the_robot_hides_in_a_success_is_noticed(tmp_path, robot):
    receiver, clock = robot
    receiver._robot_times = [clock.at.timestamp()] * 20
    database, channels = marts(tmp_path / "w.duckdb", [alert(1)]), parse_channels("wecombot://a-key")
    outside = Outside(clock=clock.clock())
    report = deliver_alerts(database, tmp_path, channels, patience=5, outside=outside)
    assert (report.sent, report.waiting) == (0, 1)
    assert report.errors[0].endswith("the robot answers with error 45009")
    assert "a-key" not in json.dumps(report.errors)
    assert (
        deliver_alerts(database, tmp_path, channels, is_urgent=True, patience=90, outside=outside).sent == 1
    )


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("INCENTIVES_HOME", str(tmp_path))
    marts(tmp_path / "warehouse.duckdb", [*many(2), alert(9, kind="relabelled", stage=None)])
    with receiving(Receiver()) as receiver:
        monkeypatch.setenv("INCENTIVES_ALERT_CHANNELS", f"team=json://127.0.0.1:{receiver.port}?lang=en")
        yield receiver


def run(*words: str, code: int = 0):
    done = CliRunner().invoke(app, ["alerts", *words, "--json"])
    assert done.exit_code == code, done.output
    return json.loads(done.stdout)


def test_the_command_line_sends_lists_and_tells_the_state(home):
    assert run("list", "--kind", "relabelled")["open"] == 1
    assert run("send")["channels"][0]["sent"] == 3
    assert run("send")["channels"][0]["sent"] == 0
    assert run("list", "--limit", "2")["open"] == 3
    assert run("digest")["by_kind"] == {"late": 2, "relabelled": 1}
    assert run("digest", "--send")["channels"][0]["sent"] == 1
    assert run("status")["channels"] == [
        {"channel": "team", "sent": 4, "waiting": 0, "unconfirmed": 0, "error": None}
    ]
    assert home.shown[3]["title"].endswith("3 open")


def test_a_channel_that_is_down_makes_the_command_end_with_1(home):
    home.status = 403
    report = run("send", "--wait", "0", code=1)
    assert report["channels"][0]["waiting"] == 3
    assert run("status")["channels"][0]["error"] == "HTTP 403"


def test_a_wrong_setting_of_channels_is_bad_input(home, monkeypatch):
    monkeypatch.setenv("INCENTIVES_ALERT_CHANNELS", "nonsense")
    done = CliRunner().invoke(app, ["alerts", "send"])
    assert "channel 1 of INCENTIVES_ALERT_CHANNELS is no URL" in str(done.exception)
    assert exit_code_of(done.exception) == 2
