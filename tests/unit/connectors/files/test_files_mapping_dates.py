"""Which numbers are dates, how months are written, and what happens where two formats disagree."""

from pathlib import Path

import pytest
from files_support import Deliver
from mapping_support import deals_mapping, rows, set_aside

from connectors.files import MappingProblem
from connectors.files.mapping import load_mapping


def dates_file(*dates: str) -> dict[str, str]:
    lines = [f'D{number};"{date}";1' for number, date in enumerate(dates, start=1)]
    return {"sales.csv": "\n".join(["No;Closed;Amount", *lines]) + "\n"}


def signed_at(deliver: Deliver, date_format: str, *written: str) -> list[str]:
    mapping = deals_mapping(signed_at=f"{{column: Closed, date_format: {date_format}}}")
    found = rows(
        deliver(dates_file(*written)), mapping, "strftime(signed_at, '%Y-%m-%d %H:%M:%S.%g')", zone="UTC"
    )
    return [moment.removesuffix(".000").removesuffix(" 00:00:00") for (moment,) in found]


@pytest.mark.parametrize(
    ("date_format", "written", "moment"),
    [
        ("excel-1900", "46027", "2026-01-05"),
        ("excel-1900", "46027.4375", "2026-01-05 10:30:00"),
        ("excel-1900", "46027.3958333333", "2026-01-05 09:30:00"),
        ("excel-1900", "46027.000005787", "2026-01-05 00:00:00.500"),
        ("excel-1904", "44565", "2026-01-05"),
        ("unix-milliseconds", "1767574800000", "2026-01-05 01:00:00"),
        ("unix-milliseconds", "1767574800001", "2026-01-05 01:00:00.001"),
        ("unix-seconds", "1767574800", "2026-01-05 01:00:00"),
        ("unix-seconds", "1767574800.5", "2026-01-05 01:00:00.500"),
        ("unix-microseconds", "1767574800000000", "2026-01-05 01:00:00"),
        ("'%Y%m%d'", "20260105", "2026-01-05"),
        ("'%Y年%m月%d日'", "２０２６年1月5日", "2026-01-05"),
        ("'%d-%b-%y'", "5-Jan-26", "2026-01-05"),
        ("'%Y/%m/%d %p%I:%M'", "2026/1/5 下午3:05", "2026-01-05 15:05:00"),
        ("'%Y-%m-%dT%H:%M:%S%z'", "2026-01-05T10:30:00+0800", "2026-01-05 02:30:00"),
        ("'%Y-%m-%dT%H:%M:%S%z'", "2026-01-05T10:30:00Z", "2026-01-05 10:30:00"),
        ("'%a, %d %b %Y %H:%M:%S %Z'", "Mon, 05 Jan 2026 10:30:00 GMT", "2026-01-05 10:30:00"),
        ("'%Y-%m-%d %H:%M:%S %Z'", "2026-01-05 10:30:00 Asia/Shanghai", "2026-01-05 02:30:00"),
        ("unix-microseconds", "1.7675748e+15", "2026-01-05 01:00:00"),  # a number cell, see number_text
        ("['%m/%d/%Y', excel-1900]", "1/5/2026", "2026-01-05"),
        ("['%m/%d/%Y', excel-1900]", "46027", "2026-01-05"),
        ("'%m/%d/%Y'", "2026-01-05", "2026-01-05"),
        ("'%d. %m %Y', months: {Januar: 1, Jänner: 1, März: 3}", "5. Jänner 2026", "2026-01-05"),
        ("'%d %m %Y', months: {janv.: 1, févr.: 2}", "5 JANV. 2026", "2026-01-05"),
        ("'%Y年%m%d日', months: {一月: 1, 十一月: 11}", "2026年十一月5日", "2026-11-05"),
    ],
)
def test_ways_to_write_a_date(deliver: Deliver, date_format: str, written: str, moment: str):
    assert signed_at(deliver, date_format, written) == [moment]


@pytest.mark.parametrize(
    ("date_format", "written", "reason"),
    [
        ("excel-1900", "60", "wrong_type"),  # a leap day that never was
        ("excel-1900", "20260105", "wrong_type"),
        ("excel-1900", "2026", "out_of_range"),
        ("excel-1900", "46,027", "wrong_type"),
        ("unix-seconds", "1767574800000", "wrong_type"),
        ("unix-milliseconds", "1767574800", "out_of_range"),
        ("unix-milliseconds", "1.7675748E12", "wrong_type"),
        ("['%m/%d/%Y', '%d/%m/%Y']", "3/4/2026", "not_as_mapped"),
        ("'%Y-%m-%d %H:%M:%S %Z'", "2026-01-05 10:30:00 CST", "wrong_type"),  # China's time and Chicago's
        ("unix-milliseconds", "1.76757E+12", "wrong_type"),  # what a spreadsheet shows of it
        ("'%Y-%m-%dT%H:%M:%S%z'", "2026-01-05T10:30:00+1500", "impossible_date"),
    ],
)
def test_what_is_no_such_date_is_set_aside(deliver: Deliver, date_format: str, written: str, reason: str):
    mapping = deals_mapping(signed_at=f"{{column: Closed, date_format: {date_format}}}")
    ((line, field, _, found),) = set_aside(deliver(dates_file(written)), mapping)
    assert (line, field, found) == (2, "signed_at", reason)


def test_formats_that_agree_about_a_date_are_enough(deliver: Deliver):
    assert signed_at(deliver, "['%m/%d/%Y', '%d/%m/%Y']", "3/3/2026", "13/4/2026") == [
        "2026-03-03",
        "2026-04-13",
    ]


def test_a_day_number_is_local_time_and_an_epoch_is_utc(deliver: Deliver):
    for date_format, written, moment in (
        ("excel-1900", "46027.4375", "2026-01-05 02:30:00"),
        ("unix-milliseconds", "1767574800000", "2026-01-05 01:00:00"),
    ):
        mapping = deals_mapping(signed_at=f"{{column: Closed, date_format: {date_format}}}")
        found = rows(
            deliver(dates_file(written)), mapping, "cast(signed_at as varchar)", zone="Asia/Shanghai"
        )
        assert found == [(moment,)]


TARGETS = """\
mapping: targets
sources: {s: {file: sales.csv, date_format: FORMAT}}
templates:
  - template: targets
    from: s
    columns: {employee_id: No, kpi_id: {constant: sales}, period: Closed, target: Amount}
"""


@pytest.mark.parametrize(
    ("date_format", "written", "period"),
    [
        ("'%Y年%m月'", "2026年1月", "2026-01"),
        ("'%b %Y'", "Jan 2026", "2026-01"),
        ("'%m/%Y'", "1/2026", "2026-01"),
        ("'%Y%m'", "202601", "2026-01"),
        ("excel-1900", "46027", "2026-01"),
        ("unix-seconds", "1767110400", "2025-12"),
        ("'FY%Y'", "FY2026", "2026"),
        ("'%m/%Y'", "2026-Q4", "2026-Q4"),
    ],
)
def test_periods(deliver: Deliver, date_format: str, written: str, period: str):
    mapping = TARGETS.replace("FORMAT", date_format)
    assert rows(deliver(dates_file(written)), mapping, "period", "targets") == [(period,)]


@pytest.mark.parametrize(
    ("date_format", "written"), [("'Q%q %Y'", "Q4 2026"), ("'%Y年第%q季度'", "2026年第4季度")]
)
def test_quarters(deliver: Deliver, date_format: str, written: str):
    mapping = TARGETS.replace(", date_format: FORMAT", "")
    mapping = mapping.replace("period: Closed", f"period: {{column: Closed, date_format: {date_format}}}")
    assert rows(deliver(dates_file(written)), mapping, "period", "targets") == [("2026-Q4",)]


def test_a_date_is_that_of_the_time_zone(deliver: Deliver):
    mapping = """\
mapping: people
sources: {s: {file: sales.csv}}
templates:
  - template: employees
    from: s
    columns:
      employee_id: No
      name: No
      department: {constant: sales}
      hire_date: {column: Closed, date_format: [unix-seconds, '%Y-%m-%dT%H:%M:%S%z']}
"""
    found = rows(
        deliver(dates_file("1767571200", "2026-01-05T23:30:00+0000")),
        mapping,
        "cast(hire_date as varchar)",
        "employees",
    )
    assert found == [("2026-01-05",), ("2026-01-06",)]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("2026-01-05}", "2026-01-05, date_format: exel-1900}", "did you mean 'excel-1900'"),
        ("2026-01-05}", "2026-01-05, date_format: '%m/%Q'}", "no date format"),
        ("2026-01-05}", "2026-01-05, date_format: '%q %Y'}", "for periods only"),
        ("2026-01-05}", "2026-01-05, date_format: '%Y-%m-%dT%H:%M:%SZ'}", "write %z for Z"),
        ("2026-01-05}", "2026-01-05, date_format: '%d.%m.%Y %H:%M UTC'}", "would be read as local time"),
        ("2026-01-05}", "2026-01-05, date_format: '%d.%m.'}", "it has no year"),
        ("2026-01-05}", "2026-01-05, months: {Jan: 13}}", "less than or equal to 12"),
        ("Amount\n", "{column: Amount, months: {Jan: 1}}\n", "holds no date"),
        ("sales.csv}", "sales.csv, date_format: yyyy}", "sources.s.date_format.0"),
    ],
)
def test_mistakes_in_the_words_for_dates(tmp_path: Path, old: str, new: str, words: str):
    path = tmp_path / "m.yml"
    assert old in deals_mapping()
    path.write_text(deals_mapping().replace(old, new))
    with pytest.raises(MappingProblem) as caught:
        load_mapping(path)
    assert words in str(caught.value)
