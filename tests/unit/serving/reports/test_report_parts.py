"""Words, formats, charts, and printing without a browser or with one that fails."""

import re
import stat
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from serving.reports import Scope, write_reports
from serving.reports.drawing.charts import Bar, amounts_chart, attainment_chart, months_chart, nice_ticks
from serving.reports.drawing.svg import fitted, width_of
from serving.reports.formats import Formats
from serving.reports.rendering import TEMPLATES
from serving.reports.texts import Texts
from tests.unit.serving.reports.company import build

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)


def test_templates_hold_no_words_of_their_own():
    for template in TEMPLATES.glob("*.j2"):
        text = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", "", template.read_text(encoding="utf-8"), flags=re.DOTALL)
        words = re.sub(r"<[^>]*>", "", text, flags=re.DOTALL)
        assert not re.search(r"[A-Za-z\u4e00-\u9fff]{2,}", words), template.name


def test_a_name_without_a_text_is_made_readable():
    assert Texts("en").name("component", "night_shift") == "Night shift"
    assert Texts("zh").names("reason", "transfer;new_one") == "客户转单待核实、new one"


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("zh", ["1,234.5", "-¥1,234.50", "0.081%", "12.5%", "97.5", "2026年10月", "12.3万", "–"]),
        ("en", ["1,234.5", "-CN¥1,234.50", "0.081%", "12.5%", "97.5", "October 2026", "123.5K", "–"]),
    ],
)
def test_figures_are_written_as_people_write_them(language, written):
    f = Formats(language, "Asia/Shanghai")
    assert [
        f.number(Decimal("1234.500000")),
        f.money(Decimal("-1234.5"), "CNY"),
        f.figure(Decimal("0.000812"), "ratio"),
        f.percent(Decimal("0.125")),
        f.score(Decimal("97.5000")),
        f.month("2026-10"),
        f.compact(Decimal(123456)),
        f.figure(None, "count"),
    ] == written


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 0, [0, 0.25, 0.5, 0.75, 1]),
        (0, 97, [0, 25, 50, 75, 100]),
        (-30, 90, [-50, 0, 50, 100]),
        (-5, 0, [-6, -4, -2, 0]),
    ],
)
def test_axes_have_round_numbers_around_the_values(low, high, ticks):
    assert nice_ticks(low, high) == pytest.approx(ticks)


def numbers(pattern: str, svg: str) -> list[float]:
    return [float(number) for number in re.findall(pattern, svg)]


def test_long_names_are_cut_to_their_room_and_shown_whole_in_the_tooltip():
    name = "一个非常非常长的指标名称" * 5
    svg = str(attainment_chart([Bar(name, Decimal("0.5"), "50%")], "Target", "Chart"))
    drawn = re.search(r'class="name">([^<]+)<', svg)
    assert drawn is not None
    assert drawn[1].endswith("…")
    assert width_of(drawn[1], 12) <= 720 * 0.36
    assert name in svg


def test_attainments_end_inside_the_chart_whatever_they_are():
    bars = [Bar("a", Decimal(value), f"{value}00%", "good") for value in ("-3", "0", "1", "1.5", "900")]
    svg = str(attainment_chart(bars, "Target", "Chart"))
    for x, width in zip(
        numbers(r'<rect x="([\d.-]+)"', svg), numbers(r'rect .*? width="([\d.-]+)"', svg), strict=True
    ):
        assert x >= 0
        assert x + width <= 720 - 60


def test_a_kpi_without_attainment_shows_why_instead_of_a_bar():
    svg = str(attainment_chart([Bar("a", None, note="Excluded · course not completed")], "Target", "Chart"))
    assert "<rect" not in svg
    assert "Excluded · course not completed" in svg


def test_negative_amounts_grow_to_the_left_and_their_labels_stay_inside():
    bars = [Bar("Closing", Decimal(900), "CN¥900.00"), Bar("Draw", Decimal(-1200), "-CN¥1,200.00")]
    svg = str(amounts_chart(bars, "Chart"))
    [zero] = numbers(r'<line x1="([\d.]+)"', svg)
    starts = numbers(r'<rect x="([\d.-]+)"', svg)
    assert starts[0] == pytest.approx(zero)
    assert starts[1] < zero
    label = re.search(r'<text x="([\d.]+)" y="[\d.]+" text-anchor="end" class="value">-CN', svg)
    assert label is not None
    assert float(label[1]) - width_of("-CN¥1,200.00", 12) > width_of("Closing", 12)


def test_month_labels_do_not_touch():
    months = [f"2026-{month:02d}" for month in range(1, 13)]
    svg = str(months_chart(months, [Decimal(month) for month in range(12)], str, "Chart", width=250))
    places = sorted(numbers(r'<text x="([\d.]+)" y="154" text-anchor="middle"', svg))
    assert min(later - earlier for earlier, later in pairwise(places)) > width_of("10", 11)


def test_a_text_that_fits_is_not_cut():
    assert fitted("Closing", 200, 12) == "Closing"


@pytest.fixture
def browser(tmp_path, monkeypatch):
    def make(script: str) -> Path:
        path = tmp_path / "chromium"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("CHROMIUM", str(path))
        return path

    return make


def write(tmp_path):
    return write_reports(
        build(tmp_path / "w.duckdb"), tmp_path, None, ("zh",), ("html", "pdf"), scope=Scope("E1")
    )


def test_without_a_browser_the_html_is_written_and_the_report_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "none"))
    done = write(tmp_path)
    assert (done.pages, done.pdfs) == (1, 0)
    assert "apt-get install chromium fonts-noto-cjk" in done.troubles[0]


def test_the_browser_is_started_with_a_profile_of_its_own_and_fetches_nothing(tmp_path, browser):
    browser(
        f'echo "$@" > {tmp_path}/words\nfor w; do case $w in --print-to-pdf=*) echo %PDF-1 > "${{w#*=}}";; esac; done'
    )
    assert write(tmp_path).pdfs == 1
    assert (tmp_path / "2026-10" / "zh" / "employee_E1.pdf").read_text() == "%PDF-1\n"
    words = (tmp_path / "words").read_text()
    for flag in FLAGS.split():
        assert flag in words
    assert "--user-data-dir=" in words


def test_a_browser_that_fails_leaves_the_html_and_is_reported(tmp_path, browser):
    browser("echo no display >&2; exit 1")
    done = write(tmp_path)
    assert (done.pages, done.pdfs) == (1, 0)
    assert "employee_E1.html: no display" in done.troubles[0]
    assert not list((tmp_path / "2026-10").rglob("*.pdf"))
