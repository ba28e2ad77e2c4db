"""One key, several rows: exact repetitions are one row, everything else is set aside; nothing is ever lost."""

import string

from files_support import DEAL_HEADER, Deliver, deal, deals_csv, validate_delivery
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.files import ImportReport


def reasons(report: ImportReport) -> dict[str, int]:
    return {group.reason: group.rows for group in report.quarantine}


def test_exact_repetitions_are_accepted_and_counted(deliver: Deliver):
    report = validate_delivery(
        deliver({"deals.csv": deals_csv(deal("D1"), deal("D1"), deal("D1"), deal("D2"))})
    )
    assert (report.rows_in, report.accepted, report.files[0].duplicates) == (4, 4, 2)


def test_rows_that_mean_the_same_are_repetitions_however_they_are_written(deliver: Deliver):
    rows = deal("D1", amount="100"), deal("D1", amount="100.00", signed_at="2026-10-01T00:00:00+08:00")
    report = validate_delivery(deliver({"deals.csv": deals_csv(*rows)}))
    assert (report.accepted, report.files[0].duplicates) == (2, 1)


def test_different_rows_of_one_key_are_all_set_aside(deliver: Deliver):
    rows = deal("D1", "1"), deal("D1", "2"), deal("D1", "2"), deal("D2", "3")
    report = validate_delivery(deliver({"deals.csv": deals_csv(*rows)}))
    assert (report.accepted, report.files[0].duplicates) == (1, 0)
    assert reasons(report) == {"conflicting_rows": 3}
    assert [(s.line, s.field, s.value) for s in report.quarantine[0].samples] == [
        (2, "deal_id", "D1"),
        (3, "deal_id", "D1"),
        (4, "deal_id", "D1"),
    ]


def test_unknown_columns_count_as_content(deliver: Deliver):
    text = f"{DEAL_HEADER},memo\n{deal('D1')},a\n{deal('D1')},b\n"
    assert reasons(validate_delivery(deliver({"deals.csv": text}))) == {"conflicting_rows": 2}


def test_a_bad_row_makes_the_good_row_of_its_key_doubtful(deliver: Deliver):
    report = validate_delivery(deliver({"deals.csv": deals_csv(deal("D1", "1"), deal("D1", "x"))}))
    assert reasons(report) == {"conflicting_rows": 1, "wrong_type": 1}


def test_rows_without_a_key_conflict_with_nothing(deliver: Deliver):
    report = validate_delivery(deliver({"deals.csv": deals_csv(deal("", "1"), deal("", "2"), deal("D1"))}))
    assert reasons(report) == {"missing_required": 2}
    assert report.accepted == 1


def test_keys_of_several_columns_and_defaults_are_compared_typed(deliver: Deliver):
    text = "employee_id,course_id,attempt,exam_score\nE1,K1,,60\nE1,K1,1,70\nE1,K1,2,80\n"
    assert reasons(validate_delivery(deliver({"course_results.csv": text}))) == {"conflicting_rows": 2}


VALUES = st.sampled_from(["", "1", "1.00", "2", "-1", "1.005", "x", "1e2"])
IDS = st.sampled_from(["", "D1", "D2", "D3", " D1 "])
DATES = st.sampled_from(["2026-10-01", "2026-02-30", "2026-10-01T00:00:00+08:00", "soon", ""])
WORDS = st.text(string.ascii_letters + '张," \n', max_size=4)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(IDS, VALUES, DATES, WORDS), max_size=12))
def test_every_row_in_is_accepted_or_quarantined(deliver: Deliver, rows: list[tuple[str, str, str, str]]):
    lines = [f"{DEAL_HEADER},product"]
    for deal_id, amount, signed_at, word in rows:
        quoted = '"' + word.replace('"', '""') + '"'
        lines.append(f"{deal(deal_id, amount, signed_at)},{quoted}")
    report = validate_delivery(deliver({"deals.csv": "\n".join(lines)}))
    assert report.rows_in == len(rows)
    assert report.rows_in == report.accepted + report.quarantined
    assert sum(group.rows for group in report.quarantine) == report.quarantined
    accepted_ids = {deal_id.strip() for deal_id, *_ in rows if deal_id.strip()}
    assert report.accepted - report.files[0].duplicates <= len(accepted_ids)
