"""Reports and alerts after a run: what they get from it, and that their trouble is not the run's."""

import socket

import pytest

from orchestration.runs.notifications import after_run
from orchestration.runs.run import CheckOutcome, Outcome
from orchestration.settings import load_settings
from tests.unit.serving.reports.company import build

FAILED = CheckOutcome("marts/fct_payouts", "unique", True, "3 rows")


@pytest.fixture
def settings(tmp_path):
    return load_settings(home=tmp_path, alert_channels="")


def outcome(success: bool = True, *checks: CheckOutcome) -> Outcome:
    return Outcome("r", success, 0 if success else 1, (), not_passed=checks)


def test_a_run_that_published_is_followed_by_pages_and_alerts(settings):
    build(settings.warehouse)
    done = after_run(settings, outcome(True, FAILED))
    assert done.troubles == ()
    assert (done.reports.pages, done.reports.first.is_file()) == (26, True)
    assert done.alerts.open == 10 * 15 + 1


def test_a_run_that_stopped_tells_of_its_checks_and_leaves_the_pages(settings):
    done = after_run(settings, outcome(False, FAILED))
    assert (done.reports, done.alerts.open) == (None, 1)
    assert after_run(settings, outcome(False)).alerts.open == 1, "a check that was not judged is not mended"


def test_trouble_is_told_and_does_not_fail_the_run(tmp_path):
    settings = load_settings(home=tmp_path, alert_channels="nonsense")
    done = after_run(settings, outcome())
    assert (done.reports, done.alerts) == (None, None)
    assert done.troubles[0].startswith("reports: there is no database")
    assert "channel 1 of INCENTIVES_ALERT_CHANNELS is no URL" in done.troubles[1]


def test_a_channel_that_is_down_does_not_fail_the_run_and_is_tried_again(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    settings = load_settings(home=tmp_path, alert_channels=f"team=json://127.0.0.1:{port}?cto=1")
    build(settings.warehouse)
    done = after_run(settings, outcome())
    assert done.reports.pages == 26
    assert (done.troubles, done.alerts.sent) == (("team: cannot be reached",), 0)
    assert done.alerts.waiting == after_run(settings, outcome()).alerts.waiting > 0, "kept, not told twice"
