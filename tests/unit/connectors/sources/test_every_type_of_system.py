"""What holds for every type of system: nothing lost, nothing twice, every version kept. A new type is one entry of
`tests.support.systems.SYSTEMS`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.sources.extraction import raw_layer, run
from tests.support.extracted import Home, write_sources
from tests.support.systems import PAGE, SYSTEMS, System


@pytest.fixture(params=SYSTEMS.values(), ids=SYSTEMS.keys())
def system(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[System]:
    with request.param(tmp_path) as made:
        yield made


@pytest.fixture
def home(system: System, tmp_path: Path) -> Home:
    write_sources(tmp_path / "sources.yml", {"name": "one", "type": system.type} | system.entry())
    return Home(tmp_path)


def _amounts(home: Home, system: System) -> dict[str, str]:
    table = f"raw_{system.type}.{system.resource}"
    return {key: system.amount_of(record) for key, record in home.truth(table).items()}


def _extract(home: Home, system: System) -> run.ResourceReport:
    report = home.extract(only=[system.resource])
    assert report.failures == []
    return report.resources[0]


def test_pages_of_every_size_arrive_whole_and_once(system: System, home: Home) -> None:
    expected: dict[str, str] = {}
    for size in (0, 1, PAGE - 1, PAGE, PAGE + 1, 2 * PAGE):
        for number in range(len(expected), size):
            system.put(number, f"{number}.50", second=number)
            expected[system.record_id(number)] = f"{number}.50"
        _extract(home, system)
        assert _amounts(home, system) == expected
    assert len(home.versions(f"raw_{system.type}.{system.resource}")) == 2 * PAGE


def test_the_same_load_twice_brings_no_row(system: System, home: Home) -> None:
    for number in range(PAGE + 1):
        system.put(number, "10.00", second=number)
    assert _extract(home, system).rows_new == PAGE + 1
    before = home.warehouse.read_bytes()
    again = home.extract(only=[system.resource])
    assert (again.load_id, again.resources[0].rows_new) == (None, 0)
    assert home.warehouse.read_bytes() == before


def test_a_changed_record_is_a_new_version_beside_the_old_one(system: System, home: Home) -> None:
    for number in range(3):
        system.put(number, "10.00", second=number)
    _extract(home, system)
    system.put(1, "99.99", second=7200)
    assert _extract(home, system).rows_new == 1
    found = home.versions(f"raw_{system.type}.{system.resource}")
    changed = [system.amount_of(record) for key, record, _ in found if key == system.record_id(1)]
    assert changed == ["10.00", "99.99"]


def test_a_deleted_record_becomes_a_deleted_version(system: System, home: Home) -> None:
    for number in range(3):
        system.put(number, "10.00", second=number)
    _extract(home, system)
    system.delete(1, second=7200)
    told = _extract(home, system)
    assert (told.rows_new, told.rows_deleted) == (1, 1)
    assert set(_amounts(home, system)) == {system.record_id(0), system.record_id(2)}
    assert _extract(home, system).rows_new == 0


def test_a_record_with_the_time_of_the_last_one_is_not_lost(system: System, home: Home) -> None:
    system.put(0, "10.00", second=60)
    _extract(home, system)
    system.put(1, "11.00", second=60)
    _extract(home, system)
    assert set(_amounts(home, system)) == {system.record_id(0), system.record_id(1)}


def test_a_crash_between_extraction_and_completion_ends_in_the_truth(
    system: System, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    system.put(0, "10.00", second=60)
    _extract(home, system)
    system.put(1, "11.00", second=120)
    system.put(0, "12.00", second=120)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(raw_layer, "complete", killed)
        with pytest.raises(KeyboardInterrupt):
            home.extract(only=[system.resource])
    _extract(home, system)
    assert _amounts(home, system) == {system.record_id(0): "12.00", system.record_id(1): "11.00"}
    table = f"raw_{system.type}.{system.resource}"
    assert len(home.versions(table)) == 3
    done = f"select load_id from raw_{system.type}.extractions"
    assert home.rows(f"select count(*) from {table} where load_id not in ({done})") == [(0,)]
