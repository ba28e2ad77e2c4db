"""Deliveries with fewer rows than before: truncated exports, snapshots, corrections."""

import pytest
from files_support import DEAL_HEADER, Deliver, Home, amounts, deal, deals_csv, many

from connectors.files import DeliveryRejected
from connectors.files.validation.gates import is_truncated


@pytest.mark.parametrize(
    ("rows_in", "before", "repeats", "expected"),
    [
        (40, 100, 40, True),
        (40, 100, 21, True),
        (40, 100, 20, False),
        (50, 100, 50, False),
        (49, 100, 49, True),
        (0, 1, 0, True),
        (0, 0, 0, False),
        (1, 3, 1, True),
        (1, 3, 0, False),
    ],
)
def test_a_cut_off_export_repeats_what_is_known(rows_in: int, before: int, repeats: int, expected: bool):
    assert is_truncated(rows_in, before, repeats) is expected


def test_a_truncated_delivery_is_refused_unless_the_shrink_is_allowed(home: Home, deliver: Deliver):
    home.load(deliver({"deals.csv": deals_csv(*many(9))}))
    home.load(deliver({"deals.csv": deals_csv(*many(10))}))
    cut = deliver({"deals.csv": deals_csv(*many(4))})
    with pytest.raises(
        DeliveryRejected, match=r"truncated: 4 rows of deals.*had 10; 4 of them repeat"
    ) as caught:
        home.load(cut)
    assert caught.value.exit_code == 1
    empty = deliver({"deals.csv": DEAL_HEADER})
    with pytest.raises(DeliveryRejected, match="0 rows of deals"):
        home.load(empty)
    assert len(amounts(home)) == 10
    assert home.load(cut, allow_shrink=True).accepted == 4
    assert len(amounts(home)) == 10


def test_a_correction_is_no_truncated_delivery(home: Home, deliver: Deliver):
    """Reading 57: nothing says yet that the feed comes whole, also when context is repeated with the row."""
    home.load(deliver({"deals.csv": deals_csv(*many(10))}))
    home.load(deliver({"deals.csv": deals_csv(deal("D000", "5"), *many(10)[1:3])}))
    home.load(deliver({"deals.csv": deals_csv(*many(10)[1:2])}))
    assert amounts(home)[:2] == [("D000", "5.00"), ("D001", "1.00")]


def test_a_feed_that_came_whole_may_still_bring_a_correction_of_one_row(home: Home, deliver: Deliver):
    for count in (9, 10):
        home.load(deliver({"deals.csv": deals_csv(*many(count))}))
    home.load(deliver({"deals.csv": deals_csv(deal("D000", "5"))}))
    assert amounts(home)[0] == ("D000", "5.00")
    home.load(
        deliver({"deals.csv": deals_csv(*many(10)[1:2])})
    )  # from then on it is no feed that comes whole


def test_a_small_delivery_of_corrections_passes(home: Home, deliver: Deliver):
    home.load(deliver({"deals.csv": deals_csv(*many(10))}))
    home.load(deliver({"deals.csv": deals_csv(*many(2, "7.00"))}))
    assert amounts(home)[:3] == [("D000", "7.00"), ("D001", "7.00"), ("D002", "1.00")]


def test_a_snapshot_marks_missing_records_as_deleted_and_brings_them_back(home: Home, deliver: Deliver):
    home.load(deliver({"deals.csv": deals_csv(*many(4)), "courses.csv": "course_id\nK1\n"}))
    report = home.load(deliver({"deals.csv": deals_csv(*many(3))}), snapshot=True)
    assert report.files[0].deleted == 1
    assert [key for key, _ in amounts(home)] == ["D000", "D001", "D002"]
    assert home.latest("courses", "course_id", "course_id") == [("K1",)]
    tombstone = home.query(
        "select deal_id, _file, _line, length(_content_hash) from raw_files.deals where _is_deleted"
    )
    assert tombstone == [("D003", "deals.csv", None, 64)]
    home.load(deliver({"deals.csv": deals_csv(*many(4))}), snapshot=True)
    assert len(amounts(home)) == 4


def test_a_bad_row_never_deletes_the_good_record(home: Home, deliver: Deliver):
    header = "platform,campaign_id,date,clicks\n"
    known = "p,c1,2026-10-01,1\np,c2,2026-10-01,1\np,c3,2026-10-01,1\np,c3,2026-10-02,1\n"
    home.load(deliver({"ad_daily.csv": header + known}))
    snapshot = "p,c1,2026-10-01,x\np,c3,someday,1\np,c4,2026-10-01,1\n"
    report = home.load(deliver({"ad_daily.csv": header + snapshot}), snapshot=True)
    assert report.files[0].deleted == 1
    keys = [row[0] for row in home.latest("ad_daily", "platform, campaign_id, date", "campaign_id")]
    assert keys == ["c1", "c3", "c3", "c4"]


def test_a_broken_record_holds_back_deletions(home: Home, deliver: Deliver):
    home.load(deliver({"deals.csv": deals_csv(*many(3))}))
    report = home.load(deliver({"deals.csv": deals_csv(*many(2), "cut")}), snapshot=True)
    assert report.files[0].deleted == 0
    assert "hold back all deletions" in report.notes[0]
    assert len(amounts(home)) == 3


def test_a_truncated_snapshot_is_refused_even_after_a_small_correction(home: Home, deliver: Deliver):
    home.load(deliver({"deals.csv": deals_csv(*many(10))}))
    home.load(deliver({"deals.csv": deals_csv(deal("D000", "5"))}))
    with pytest.raises(DeliveryRejected, match="10 records of deals are known"):
        home.load(deliver({"deals.csv": deals_csv(*many(4, "8"))}), snapshot=True)
