"""What a run says at the end: why money is held, and what releases it."""

import io
from decimal import Decimal

from rich.console import Console

from orchestration.cli.console.summary import _show_held
from serving.summary import HeldCount, RunSummary


def _printed(*held: HeldCount) -> str:
    screen = io.StringIO()
    summary = RunSummary(months=(), employees=0, employees_paid=0, lines=0, quarantined=(), held=held)
    _show_held(summary, Console(file=screen, width=500))
    return screen.getvalue()


def test_each_reason_says_what_it_means_and_what_releases_it() -> None:
    printed = _printed(HeldCount("no_fx_rate", "EUR", 4, Decimal("6112.24")))
    for words in ("6,112.24", "there is no rate of exchange", "deliver the rate in fx_rates"):
        assert words in printed


def test_several_reasons_of_one_line_are_all_said() -> None:
    printed = _printed(HeldCount("transfer;no_plan", "CNY", 1, Decimal(5)))
    for words in ("after a transfer", "no plan covers the employee"):
        assert words in printed


def test_nothing_held_says_nothing() -> None:
    assert _printed() == ""
