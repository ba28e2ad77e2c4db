"""What stands on the pages, and that they need nothing from outside."""

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest

from serving.errors import DatabaseMissingError
from serving.reports import Scope, UnknownPeriodError, UnknownSubjectError, write_reports
from tests.unit.serving.reports.company import build


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("reports")
    build(
        place / "w.duckdb",
        "insert into marts.fct_payouts values ('E1', '2026-10', 'CHF', 50, 0, 0, 0, 0, 50, 50, 0)",
        "insert into marts.fct_payouts values ('UNRESOLVED', '2026-10', 'CNY', 77, 0, 0, 0, 0, 77, 77, 0)",
    )
    write_reports(place / "w.duckdb", place)
    return place / "2026-10"


def text_of(page: Path) -> str:
    """The words on a page, white space made single."""
    html = re.sub(r"<(style|title|script)>.*?</\1>", " ", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.fixture
def zh(folder):
    return text_of(folder / "zh" / "employee_E1.html")


@pytest.fixture
def en(folder):
    return text_of(folder / "en" / "employee_E1.html")


def test_everybody_each_team_and_the_company_get_a_page_in_both_languages(folder):
    for language in ("zh", "en"):
        names = sorted(path.name for path in (folder / language).iterdir())
        assert len(names) == 10 + 2 + 1
        assert {"index.html", "team_S0.html", "team_S1.html", "employee_E10.html"} <= set(names)


def test_pages_need_no_outside_host_and_run_their_own_script_only(folder):
    for page in folder.rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        policy = re.search(r'Policy" content="([^"]+)"', html)[1]
        assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-")
        scripts = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
        assert len(scripts) == html.count("<script") == page.name.startswith("employee_")
        for script in scripts:
            assert b64encode(sha256(script.encode()).digest()).decode() in policy
        assert not re.search(r"<link|<img|@import|url\(|https?://", html)
        for link in re.findall(r'href="([^"]+)"', html):
            assert (page.parent / link).is_file()


def test_each_payout_line_stands_on_the_page_with_deal_basis_rate_and_id(zh, en):
    assert "Payout lines (6)" in en
    assert "Closing commission 2026-08 D1 上海百和美容院 10,000 1.5% CN¥100.00 Earned line-closing-1" in en
    assert (
        "D2 C2 5,000 2% CN¥100.00 Held transfer to be explained, process target not reached line-held-1" in en
    )
    assert "Lead points 8 1.5 CN¥100.00 Earned line-points-1" in en, "the rate of points is money for one"
    assert "Draw -CN¥70.00 Earned draw recovered line-draw" in en
    assert " 明细 (6)" in zh


def test_cells_that_are_stacked_on_a_phone_carry_the_heading_of_their_column(folder):
    for page in (folder / "en" / "employee_E1.html", folder / "zh" / "employee_E1.html"):
        tables = re.findall(
            r'<table class="stack[^>]*>.*?</table>', page.read_text(encoding="utf-8"), re.DOTALL
        )
        assert len(tables) >= 3, "summary, scorecard, suggestions"
        for table in tables:
            head, body = table.split("</thead>")
            headings = re.findall(r"<th(?: [^>]*)?>(.*?)</th>", head)
            rows = re.findall(r"<tr[^>]*>(.*?)</tr>", body, re.DOTALL)
            cells = [re.findall(r"<td([^>]*)>", row) for row in rows if "colspan" not in row]
            for row in cells:
                assert len(row) == len(headings)
                named = [re.findall('data-h="(.*?)"', cell) for cell in row]
                assert all(one in ([], [word]) for one, word in zip(named, headings, strict=True))
                assert sum(map(bool, named)) >= len(row) - 2


def test_bars_are_drawn_for_a_page_and_for_a_phone(folder):
    html = (folder / "en" / "employee_E1.html").read_text(encoding="utf-8")
    broad = re.findall(r'<div class="broad"><svg viewBox="0 0 720 ', html)
    narrow = re.findall(r'<div class="narrow"><svg viewBox="0 0 350 ', html)
    assert len(broad) == len(narrow) >= 2


def test_lines_can_be_sorted_by_their_exact_figures(folder):
    html = (folder / "en" / "employee_E1.html").read_text(encoding="utf-8")
    assert '<td class="n" data-v="10000.00">10,000</td>' in html
    assert '<p class="find screen" data-table="lines" hidden>' in html, "shown by the script only"


def test_a_page_leads_to_its_other_language_and_to_the_months_that_exist(tmp_path):
    database = build(
        tmp_path / "w.duckdb",
        "update marts.dim_employee set valid_from = '2026-09-01' where employee_id = 'E2'",
    )
    for period in ("2026-08", "2026-10", "2026-09"):
        write_reports(database, tmp_path, period, scope=Scope(employee="E1"))
    write_reports(database, tmp_path, "2026-09", ("en",), scope=Scope(employee="E2"))
    html = (tmp_path / "2026-09" / "zh" / "employee_E1.html").read_text(encoding="utf-8")
    nav = re.search(r"<nav.*?</nav>", html, re.DOTALL)[0]
    assert re.findall(r'href="([^"]+)"', nav) == [
        "../en/employee_E1.html",
        "../../2026-08/zh/employee_E1.html",
        "../../2026-10/zh/employee_E1.html",
    ]
    assert "<strong>中文</strong>" in nav
    assert "<strong>2026-09</strong>" in nav
    assert "<nav" not in (tmp_path / "2026-09" / "en" / "employee_E2.html").read_text(encoding="utf-8")


def test_a_character_that_hides_is_shown(tmp_path):
    build(tmp_path / "w.duckdb", "update marts.dim_employee set name = 'An' || chr(8238) || chr(27) || '[2J'")
    write_reports(tmp_path / "w.duckdb", tmp_path)
    for page in tmp_path.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert not {"\u202e", "\x1b"} & set(text), page
        assert "An\\u202e\\x1b[2J" in text


def test_the_head_names_person_month_and_circumstances(zh, en):
    assert "欧阳明月1 期间 2026年10月 工号 E1 部门 销售部 岗位 销售顾问 团队 S0" in zh
    assert "Period October 2026 Employee no. E1 Department Sales Position Seller Team S0" in en
    assert "总分 86.2" in zh
    assert "部门内第 1 名" in zh


def test_the_payout_is_shown_per_currency_with_the_reasons_of_what_is_held(zh, en):
    assert "¥1,021.00 -¥100.00 -¥5.00 ¥0.00 ¥0.00 ¥916.00 ¥0.00" in zh
    assert "CHF50.00" in zh
    assert "客户转单待核实、过程指标未达标 1 ¥100.00" in zh
    assert "transfer to be explained, process target not reached 1 CN¥100.00" in en


def test_scored_excluded_and_no_data_are_told_apart(zh, en):
    assert "指标1 kpi_1 11 1.1 12" in zh
    assert "不计分 课程未完成" in zh
    assert "无数据 未设目标" in zh
    assert "Excluded course not completed" in en
    assert "No data no target" in en
    assert "Figure 5 kpi_5 15 550% 1,200% 45.8% 55.0 60.0 Missed" in en
    assert "Figure 20 kpi_20 30 22 12" in en
    assert "1 KPIs without data are not drawn." in en
    assert "lower is better" in en


def test_money_is_shown_by_component_and_by_deal_source(en):
    for words in ("Closing", "Origination", "Business bonus", "Draw -CN¥70.00", "Marketing", "Repurchase"):
        assert words in en
    assert "Own customers 500 50%" in en
    assert "Of the deals on customers received in the last 3 months, 25% were near certain before." in en


def test_suggestions_come_in_their_order_with_gap_course_and_gain(zh, en):
    assert "1 Raise KPI 1 3.5 客户档案 C-1 2.25 CN¥999.00 2 Raise KPI 2" in en
    assert "Raise KPI 13" not in en
    assert "3 more are not shown." in en
    assert "把指标 1 提高" in zh


def test_open_alerts_are_counted_and_the_oldest_listed(en):
    assert "Open alerts (15) Held payout 1 Stage late 14" in en
    assert "Oct 1, 2026 Stage late · visited 上海百和美容院 C1 Deal D1" in en


def test_alerts_that_lapsed_are_counted_beside_the_open_ones(tmp_path):
    lapsed = "update marts.fct_journey_alerts set state = 'lapsed' where alert_id in ('A1-2', 'A1-3', 'A2-4')"
    write_reports(build(tmp_path / "w.duckdb", lapsed), tmp_path, languages=("en",))
    page = text_of(tmp_path / "2026-10" / "en" / "employee_E1.html")
    assert "Open alerts (13)" in page
    assert "2 older alerts have lapsed." in page
    assert "3 older alerts have lapsed." in text_of(tmp_path / "2026-10" / "en" / "index.html")
    assert "lapsed" not in text_of(tmp_path / "2026-10" / "en" / "employee_E3.html")


def test_the_trend_has_twelve_months_with_gaps(folder):
    html = (folder / "en" / "employee_E1.html").read_text(encoding="utf-8")
    assert html.count("<circle cx=") == 11, "a score is missing in the first month"
    assert html.count('class="bar plain"><title>') + html.count('class="bar now"><title>') >= 12


def test_a_team_page_shows_members_boards_growth_transfers_and_signals(folder):
    text = text_of(folder / "en" / "team_S0.html")
    assert "Leader 欧阳明月1" in text
    assert "Mean score 86.2" in text
    assert text.index("Ruth Reed8 E8") < text.index("欧阳明月1 E1"), "most money first"
    assert "S0 Sales amount 120 100 20% 5%" in text
    assert "S1" not in text.replace("S10", "")
    assert (
        "Oct 5, 2026 上海百和美容院 欧阳明月1 E1 Ruth Reed2 E2 D1 4 d 0 20% abnormal near certain before"
        in text
    )
    assert "Nov 1, 2026" not in text, "the other transfer is of November in business time"
    assert "Ruth Reed2 E2 candidate for a sales role New customers: 2026-08 6/5" in text


def test_the_company_page_shows_teams_and_what_belongs_to_nobody(folder):
    text = text_of(folder / "en" / "index.html")
    assert "Amounts of no known employee: CN¥77.00" in text
    assert "Teams by commission Rank Team Teams by commission 1 S0 CN¥700.00" in text
    assert "S1 Sales amount 120 no baseline" in text


@pytest.mark.parametrize("scope", [Scope(employee="E3"), Scope(team="S1")])
def test_one_employee_or_one_team_can_be_asked_for(tmp_path, scope):
    done = write_reports(build(tmp_path / "w.duckdb"), tmp_path, "2026-10", ("en",), scope=scope)
    names = {path.name for path in (tmp_path / "2026-10" / "en").iterdir()}
    expected = (
        {"employee_E3.html"} if scope.employee else {"team_S1.html", "employee_E9.html", "employee_E10.html"}
    )
    assert names == expected
    assert (done.pages, done.first.name) == (
        len(expected),
        "employee_E3.html" if scope.employee else "team_S1.html",
    )


@pytest.mark.parametrize(
    ("period", "scope", "error", "said"),
    [
        ("2031-01", Scope(), UnknownPeriodError, "2025-01 to 2026-10"),
        (None, Scope(employee="E99"), UnknownSubjectError, "no employee 'E99'. Known are: E1, E10"),
        (None, Scope(team="X"), UnknownSubjectError, "no team 'X'. Known are: S0, S1"),
    ],
)
def test_what_is_not_there_is_named_with_what_is(tmp_path, period, scope, error, said):
    with pytest.raises(error, match=said):
        write_reports(build(tmp_path / "w.duckdb"), tmp_path, period, scope=scope)


def test_without_a_database_the_error_says_what_to_do(tmp_path):
    with pytest.raises(DatabaseMissingError, match="Run the pipeline first"):
        write_reports(tmp_path / "none.duckdb", tmp_path)


def test_an_old_snapshot_without_names_shows_ids(tmp_path):
    write_reports(
        build(tmp_path / "w.duckdb", with_names=False), tmp_path, languages=("en",), scope=Scope("E1")
    )
    text = text_of(tmp_path / "2026-10" / "en" / "employee_E1.html")
    assert "Scorecard: card_2026" in text
    assert "Kpi 5" in text
    assert text.endswith("Internal. Do not pass on.")


def test_marts_that_are_not_computed_count_as_empty(tmp_path):
    kept = {"dim_employee", "fct_payouts", "fct_payout_lines"}
    from tests.unit.serving.reports.company import TYPES

    drops = [f"drop table marts.{table}" for table in TYPES if table not in kept]
    write_reports(build(tmp_path / "w.duckdb", *drops), tmp_path, languages=("en",))
    text = text_of(tmp_path / "2026-10" / "en" / "employee_E1.html")
    for words in ("No scorecard applies this month", "There is nothing to suggest.", "No open alert."):
        assert words in text


def test_names_from_outside_are_text_and_ids_make_safe_file_names(tmp_path):
    database = build(
        tmp_path / "w.duckdb",
        "update marts.dim_employee set employee_id = '../E1', name = '<script>alert(1)</script>' "
        "where employee_id = 'E1'",
        "update marts.dim_employee set team_id = 'S/1' where team_id = 'S1'",
        "update marts.dim_customer set name = '<b onclick=x>'",
    )
    write_reports(database, tmp_path / "out", languages=("en",))
    pages = list((tmp_path / "out").rglob("*.html"))
    assert {page.parent for page in pages} == {tmp_path / "out" / "2026-10" / "en"}
    assert any(re.fullmatch(r"employee____E1_[0-9a-f]{6}\.html", page.name) for page in pages)
    assert any(re.fullmatch(r"team_S_1_[0-9a-f]{6}\.html", page.name) for page in pages)
    for page in pages:
        html = page.read_text(encoding="utf-8")
        assert "<script>alert" not in html
        assert "<b onclick" not in html


def test_reports_of_the_same_figures_are_the_same_bytes(tmp_path):
    database = build(tmp_path / "w.duckdb")
    texts = []
    for out in ("a", "b"):
        write_reports(database, tmp_path / out)
        texts.append({path.name: path.read_bytes() for path in (tmp_path / out).rglob("*.html")})
    assert texts[0] == texts[1]
