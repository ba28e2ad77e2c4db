"""The statement of a person and month as a PDF file, in both languages: what a reader can take out of it again.

The company's ledger, archives and commands are real (``tests.support.closing``); Chromium prints (``make browser``).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from pypdf import PdfReader
from typer.testing import CliRunner

from ledger import Event
from orchestration.books import periods
from orchestration.books.calculation import calculate
from orchestration.books.home import read_entries
from orchestration.cli.app import app
from serving.reports.pdf import find_browser
from tests.support.closing import FIRST, PretendCompany, pretending
from tests.support.drawn_lines import Line

pytestmark = pytest.mark.slow
NEXT = "2025-12"


@pytest.fixture(scope="module", autouse=True)
def _browser() -> None:
    if find_browser() is None:
        message = "no Chromium: run make browser"
        pytest.fail(message) if os.environ.get("INCENTIVES_ENV") == "ci" else pytest.skip(message)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PretendCompany]:
    """A month is locked; then one of its deals is worth less, and the next month is locked, too."""
    made = PretendCompany(tmp_path_factory.mktemp("statements") / "home")
    with pretending(made):
        made.put(Line("a", FIRST, "S1", Decimal("100.00")))
        close(made, FIRST)
        made.last_month = NEXT
        made.put(
            Line("a", FIRST, "S1", Decimal("30.00"), version=2),
            Line("b", NEXT, "S1", Decimal("25.00")),
            Line("c", NEXT, "S1", Decimal("40.00"), is_held=True),
        )
        close(made, NEXT)
        with duckdb.connect(str(made.settings.snapshot)) as connection:
            connection.execute("drop table marts.fct_transfers")
            connection.execute("create table marts.dim_customer (customer_key varchar, name varchar)")
            connection.execute(
                "create table marts.fct_deal_sources (deal_id varchar, source varchar, customer_key varchar)"
            )
        yield made


def close(company: PretendCompany, month: str) -> None:
    calculate(company.settings, month, "ann")
    periods.approve(company.settings, month, "bob")
    periods.lock(company.settings, month, "eve")


def text_of(path: Path) -> str:
    """The text of a PDF file without white space."""
    return "".join("".join(page.extract_text() for page in PdfReader(path).pages).split())


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            {
                "lines": "Payout lines (3)",
                "a line": "Closing commission b 25 CN¥25.00 Earned b",
                "why it is held": "transfer to be explained 1 CN¥40.00",
                "a true-up": "2025-11 Closing commission CN¥100.00 CN¥30.00 -CN¥70.00",
                "its cause": "Changed: deals a",
                "the balance carried on": "-CN¥45.00",
                "who signed": "Approved",
            },
        ),
        (
            "zh",
            {
                "lines": "明细 (3)",
                "a line": "成交提成 b 25 ¥25.00",
                "why it is held": "客户转单待核实 1 ¥40.00",
                "a true-up": "2025-11 成交提成 ¥100.00 ¥30.00 -¥70.00",
                "its cause": "有变更: deals a",
                "the balance carried on": "-¥45.00",
                "who signed": "已锁定",
            },
        ),
    ],
)
def test_a_statement_in_pdf_says_lines_holds_true_ups_balance_and_signature(
    company: PretendCompany,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    said: dict[str, str],
) -> None:
    monkeypatch.setenv("INCENTIVES_HOME", str(company.home))
    words = ["report", "--employee", "S1", "--period", NEXT, "--lang", language, "--format", "pdf"]
    done = CliRunner().invoke(app, [*words, "--out", str(tmp_path)])
    assert done.exit_code == 0, done.output
    page = tmp_path / NEXT / language / "employee_S1.html"
    text = text_of(page.with_suffix(".pdf"))
    assert set(text) <= set(page.read_text(encoding="utf-8")), (
        "every character has the name it has on the page"
    )
    for what, words_of_it in said.items():
        assert "".join(words_of_it.split()) in text, (what, text)
    signed = [one for one in read_entries(company.settings) if one.period == NEXT]
    assert [one.event for one in signed] == [Event.CALCULATED, Event.APPROVED, Event.LOCKED]
    for entry in signed[1:]:
        assert f"{entry.by}{entry.sequence}{entry.entry_hash}" in text
