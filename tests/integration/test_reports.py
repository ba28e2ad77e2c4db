"""Reports on the command line, and printed by a real browser.

The browser is installed by ``make browser`` (scripts/install_chromium.sh). Without one these tests are skipped, except
where INCENTIVES_ENV is ci.
"""

import json
import os
import re
import subprocess
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from orchestration.cli.app import app
from serving.reports import Scope, write_reports
from serving.reports.pdf import find_browser, print_pdf
from tests.unit.serving.reports.company import build


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("INCENTIVES_HOME", str(tmp_path))
    build(tmp_path / "warehouse.duckdb")
    return tmp_path


def run(*words: str):
    return CliRunner().invoke(app, list(words))


def test_the_command_writes_pages_for_everybody(home):
    done = run("report", "--json", "--lang", "en")
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    assert (document["period"], document["employees"], document["teams"], document["pages"]) == (
        "2026-10",
        10,
        2,
        13,
    )
    assert (home / "reports" / "2026-10" / "en" / "index.html").is_file()


def test_the_command_says_which_page_to_open(home):
    done = run("report", "--employee", "E2", "--lang", "zh", "--out", str(home / "out"))
    assert "2026-10: 1 pages for 1 employees" in done.stdout
    assert "employee_E2.html" in done.stdout


def test_two_wishes_at_once_are_refused(home):
    done = run("report", "--employee", "E2", "--all")
    assert done.exit_code != 0
    assert "give one of" in str(done.exception)


@pytest.mark.slow
def test_the_published_snapshot_gives_pages_with_names(demo_warehouse, tmp_path):
    """KPIs, plans and courses by their names, without the warehouse."""
    snapshot = demo_warehouse.parent / "published" / "incentives.duckdb"
    with duckdb.connect(str(snapshot), read_only=True) as connection:
        query = """
            select items.employee_id, items.period, min(items.kpi_id)
            from marts.fct_scorecard_items as items
            where items.plan_id = 'marketing_scorecard_2026' and items.course_id = 'C-ARCHIVE'
            group by all order by all desc limit 1
        """
        employee, period, _ = connection.execute(query).fetchone()
        names = dict(connection.execute("select kpi_id, name_zh from marts.dim_kpi").fetchall())
    write_reports(snapshot, tmp_path, period, languages=("zh",), scope=Scope(employee))
    page = (tmp_path / period / "zh" / f"employee_{employee}.html").read_text(encoding="utf-8")
    assert "市场部绩效计分卡 2026" in page
    assert f'{names["archive_coverage"]} <span class="note">archive_coverage</span>' in page


@pytest.fixture(scope="module")
def browser() -> Path:
    found = find_browser()
    if found is None:
        message = "no Chromium: run make browser"
        pytest.fail(message) if os.environ.get("INCENTIVES_ENV") == "ci" else pytest.skip(message)
    return found


@pytest.mark.slow
def test_a_real_browser_prints_pages_with_chinese_characters(tmp_path, browser):
    database = build(tmp_path / "w.duckdb")
    done = write_reports(database, tmp_path, None, ("zh", "en"), ("html", "pdf"), scope=Scope("E1"))
    assert (done.pdfs, done.troubles) == (2, [])
    for language in ("zh", "en"):
        content = (tmp_path / "2026-10" / language / "employee_E1.pdf").read_bytes()
        assert content.startswith(b"%PDF")
        fonts = re.findall(rb"/FontName\s*/(?:[A-Z]{6}\+)?([\w-]+)", content)
        assert any(b"CJK" in font or b"Hei" in font or b"Han" in font for font in fonts), fonts


@pytest.mark.slow
def test_nothing_on_a_page_is_wider_than_the_page(tmp_path, browser):
    """A script of the test measures the page: texts of charts inside their drawing, no table wider than the page."""
    long = "update marts.dim_employee set name = 'Wolfeschlegelsteinhausenbergerdorff 欧阳' || employee_id"
    write_reports(build(tmp_path / "w.duckdb", long), tmp_path, None, ("zh", "en"))
    pages = [
        path for name in ("*_[ES][01]", "index") for path in (tmp_path / "2026-10").glob(f"*/{name}.html")
    ]
    for page in sorted(pages):
        measured = page.with_suffix(".measured.html")
        measured.write_text(with_script(page, MEASURE), encoding="utf-8")
        assert said_by(browser, measured, tmp_path) == [], page.name


@pytest.mark.slow
def test_a_page_fits_a_phone_and_its_lines_can_be_searched_and_sorted(tmp_path, browser):
    """In a frame of 390 pixels, for a window cannot be made that narrow; the page's own script does the rest."""
    write_reports(build(tmp_path / "w.duckdb"), tmp_path, None, ("zh", "en"), scope=Scope("E1"))
    for language in ("zh", "en"):
        page = tmp_path / "2026-10" / language / "employee_E1.html"
        inner = page.with_suffix(".tried.html")
        inner.write_text(with_script(page, TRY), encoding="utf-8")
        frame = page.with_suffix(".frame.html")
        frame.write_text(FRAME.format(inner.as_uri()), encoding="utf-8")
        assert said_by(browser, frame, tmp_path) == [0, "2 / 6", [-70, 100, 100, 100, 100, 100], "ascending"]


def with_script(page: Path, script: str) -> str:
    """The page with a script of the test, which its policy would not let run."""
    html = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page.read_text(encoding="utf-8"))
    return html.replace("</body>", f"<script>{script}</script></body>")


FRAME = """<iframe src="{}" style="width:390px;height:900px;border:0"></iframe>
<script>onmessage = e => document.documentElement.setAttribute('data-bad', e.data)</script>"""
TRY = """
const root = document.documentElement, field = document.querySelector('.find input');
const cut = [...document.querySelectorAll('table, .wide, .keep, svg')].filter(e => e.scrollWidth > e.clientWidth + 1);
const said = [root.scrollWidth - root.clientWidth + cut.length];
field.value = 'd2';
field.dispatchEvent(new Event('input'));
said.push(document.querySelector('.find output').textContent);
document.querySelectorAll('#lines thead button')[4].click();
said.push([...document.querySelectorAll('#lines tbody td:nth-child(5)')].map(cell => Number(cell.dataset.v)));
said.push(document.querySelectorAll('#lines th')[4].getAttribute('aria-sort'));
parent.postMessage(JSON.stringify(said), '*');
"""


MEASURE = """
const bad = [];
const page = document.querySelector('main').getBoundingClientRect();
document.querySelectorAll('table, svg, .tile .big').forEach(e => { const b = e.getBoundingClientRect();
  if (b.width && (b.right > page.right || b.left < page.left || e.scrollWidth > e.clientWidth + 1))
    bad.push('wide: ' + e.tagName + e.textContent.slice(0, 40)); });
document.querySelectorAll('svg').forEach(s => { if (!s.getClientRects().length) return;
  const f = s.getBoundingClientRect(); const boxes = [];
  s.querySelectorAll('text').forEach(t => { const b = t.getBoundingClientRect();
    if (b.left < f.left - 1 || b.right > f.right + 1) bad.push('outside: ' + t.textContent);
    boxes.forEach(([o, name]) => {
      if (b.left < o.right - 1 && o.left < b.right - 1 && b.top < o.bottom - 4 && o.top < b.bottom - 4)
        bad.push('overlap: ' + name + ' / ' + t.textContent); });
    boxes.push([b, t.textContent]); }); });
document.documentElement.setAttribute('data-bad', JSON.stringify(bad));
"""


def said_by(browser: Path, page: Path, folder: Path) -> list[str]:
    command = [
        str(browser), "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        f"--user-data-dir={folder / 'profile'}", "--window-size=900,2000", "--dump-dom", page.as_uri(),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, check=True, timeout=120, text=True)
    found = re.search(r'data-bad="([^"]*)"', done.stdout)
    assert found is not None, done.stderr[-500:]
    return json.loads(found[1].replace("&quot;", '"').replace("&amp;", "&"))


def test_printing_names_the_page_that_cannot_be_read(tmp_path, browser):
    from serving.reports.pdf import PrintError

    del browser
    with pytest.raises((PrintError, OSError)):
        print_pdf(tmp_path / "none.html", tmp_path / "none" / "x.pdf", Path("/bin/false"))
