"""A delivery in the inbox counts when it is complete; its name and content are its key."""

import os
from pathlib import Path

import pytest

from orchestration.defs.sensors import ATTEMPTS, request_for
from orchestration.settings import Settings, load_settings
from orchestration.steps.landing.inbox import (
    LANDED,
    InboxDelivery,
    complete_deliveries,
    content_hash,
    delivery_key,
    is_complete,
    set_aside,
    waiting_deliveries,
)

NOW = 2_000_000_000.0


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(home=tmp_path)


def _delivery(
    inbox: Path, name: str, text: str = "a", *, age: float = 0, ready: bool = True
) -> InboxDelivery:
    folder = inbox / name
    folder.mkdir(parents=True)
    (folder / "deals.csv").write_text(text, encoding="utf-8")
    for path in (folder / "deals.csv", folder):
        os.utime(path, (NOW - age, NOW - age))
    if ready:
        (folder / "_READY").touch()
    return InboxDelivery(folder, name)


def test_the_ready_mark_makes_a_delivery_complete_and_time_alone_never_does(tmp_path: Path) -> None:
    assert is_complete(_delivery(tmp_path, "marked").folder, NOW)
    assert not is_complete(_delivery(tmp_path, "old", age=1e6, ready=False).folder, NOW)


@pytest.mark.parametrize(("age", "complete"), [(60, True), (59, False), (0, False)])
def test_a_setting_accepts_folders_that_have_not_changed_for_so_long(
    tmp_path: Path, age: float, complete: bool
) -> None:
    folder = _delivery(tmp_path, "d", age=age, ready=False).folder
    assert is_complete(folder, NOW, quiet_seconds=60) is complete


def test_deliveries_are_taken_by_name_and_what_waits_is_known(settings: Settings) -> None:
    for name in ("b", "a", ".hidden", "_old", "landed", "rejected"):
        _delivery(settings.inbox, name)
    _delivery(settings.inbox, "arriving", ready=False)
    (settings.inbox / "note.txt").touch()
    assert [one.name for one in complete_deliveries(settings, NOW)] == ["a", "b"]
    assert waiting_deliveries(settings, NOW) == ["arriving"]


def test_without_an_inbox_nothing_has_arrived(settings: Settings) -> None:
    assert complete_deliveries(settings, NOW) == []


def test_a_mapping_lies_in_the_delivery_or_in_the_folder_of_its_source(settings: Settings) -> None:
    own = _delivery(settings.inbox, "single")
    (own.folder / "mapping.yml").touch()
    _delivery(settings.inbox, "crm/2026-10")
    (settings.inbox / "crm" / "mapping.yml").touch()
    found = {one.name: one.mapping for one in complete_deliveries(settings, NOW)}
    assert found == {
        "crm/2026-10": settings.inbox / "crm" / "mapping.yml",
        "single": own.folder / "mapping.yml",
    }


def test_the_key_is_name_and_content_and_not_the_ready_mark(tmp_path: Path) -> None:
    first = _delivery(tmp_path, "a", "x")
    before = delivery_key(first)
    (first.folder / "_READY").unlink()
    assert delivery_key(first) == before
    renamed, changed = _delivery(tmp_path, "b", "x"), _delivery(tmp_path / "other", "a", "y")
    assert content_hash(renamed) == content_hash(first)
    assert len({before, delivery_key(renamed), delivery_key(changed)}) == 3


def test_a_changed_mapping_of_a_source_is_another_content(tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.yml"
    mapping.write_text("a", encoding="utf-8")
    one = InboxDelivery(_delivery(tmp_path, "d").folder, "crm/d", mapping)
    before = content_hash(one)
    mapping.write_text("b", encoding="utf-8")
    assert content_hash(one) != before


def test_the_sensor_asks_for_a_run_like_any_other_once_for_each_content(tmp_path: Path) -> None:
    one, two = _delivery(tmp_path, "a"), _delivery(tmp_path, "b")
    request = request_for([one, two], lambda _: 0)
    assert request is not None
    assert request.run_config == {}
    assert request.tags["incentives/deliveries"] == "a, b"
    keys = {
        (found := request_for(some, lambda _: 0)) and found.run_key
        for some in ([one, two], [one, two], [one])
    }
    assert len(keys) == 2


def test_the_sensor_asks_again_when_the_run_failed_but_not_for_ever(tmp_path: Path) -> None:
    """A run that was killed or found a full disk leaves the folder in the inbox."""
    delivery = _delivery(tmp_path, "a")
    requests = [request_for([delivery], lambda _, failed=failed: failed) for failed in range(ATTEMPTS)]
    assert len({request and request.run_key for request in requests}) == ATTEMPTS
    assert request_for([delivery], lambda _: ATTEMPTS) is None


def test_a_folder_is_moved_under_a_free_name(settings: Settings) -> None:
    places = [set_aside(settings, _delivery(settings.inbox, "d", text), LANDED).name for text in "ab"]
    assert places == ["d", "d.2"]


def test_a_link_counts_by_where_it_leads_and_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside.csv"
    outside.write_text("a", encoding="utf-8")
    delivery = _delivery(tmp_path, "2026-10")
    (delivery.folder / "leads.csv").symlink_to(outside)
    before = content_hash(delivery)
    outside.write_text("b", encoding="utf-8")
    assert content_hash(delivery) == before
    (delivery.folder / "leads.csv").unlink()
    (delivery.folder / "leads.csv").symlink_to("/dev/zero")
    assert content_hash(delivery) != before
