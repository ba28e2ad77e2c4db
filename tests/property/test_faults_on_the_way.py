"""Whatever goes wrong on the way from a system: nothing is lost, nothing comes twice, or the run fails with a sentence
that names instance, resource and cause, and the next one completes it."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from connectors.sources.extraction.run import ExtractionReport, extract
from tests.support.extracted import Home, write_sources
from tests.support.fault_schedule import FAULTS, Records, Schedule
from tests.support.systems import PAGE, SYSTEMS, System

#: waits short enough for hundreds of schedules
PATIENCE = {"attempts": 3, "factor": 0.001, "longest_wait": 0.01, "timeout": 2.0, "longest_answer": 0.15}
#: `make test-faults` says how many
MANY = int(os.environ.get("INCENTIVES_FAULTS", "500"))
SIMULATED = [kind for kind in SYSTEMS.values() if kind.is_simulated]


def _holds(home: Home, system: System, records: Records) -> None:
    last: dict[str, tuple[dict[str, Any], bool]] = {}
    for key, record, is_deleted in home.versions(f"raw_{system.type}.{system.resource}"):
        assert last.get(key) != (record, is_deleted), f"{key} came twice"
        last[key] = (record, is_deleted)
    found = {key: system.amount_of(record) for key, (record, is_deleted) in last.items() if not is_deleted}
    assert found == records.truth


def _is_told(report: ExtractionReport, system: System) -> None:
    for failure in report.failures:
        assert failure.startswith(f"one.{system.resource}: ")
        assert 20 < len(failure) < 600
        assert "\n" not in failure
        assert "simulated-secret" not in failure
        assert "Error:" not in failure, "a sentence, no name of an exception"


def _run(seed: int, folder: Path) -> tuple[list[str], int]:
    drawn = random.Random(seed)
    with SIMULATED[seed % len(SIMULATED)](folder) as system:
        simulator = system.simulator
        entry = {"name": "one", "type": system.type} | system.entry() | {"patience": PATIENCE}
        write_sources(folder / "sources.yml", entry)
        home = Home(folder)
        (instance,) = home.instances()
        resource = next(one for one in instance.resources if one.name == system.resource)

        def extracted() -> ExtractionReport:
            return extract(instance, home.warehouse, dlt_dir=folder / "dlt", only=[system.resource])

        records = Records(system, drawn, resource.overlap.total_seconds())
        records.fill(drawn.randrange(3 * PAGE + 1))
        schedule = Schedule(simulator, records, drawn)
        failures = 0
        for _ in range(drawn.randrange(1, 4)):
            simulator.fault = schedule
            schedule.begin()
            report = extracted()
            simulator.fault = None
            _is_told(report, system)
            failures += len(report.failures)
            if not report.failures and not schedule.is_disturbed:
                _holds(home, system, records)
            for _ in range(drawn.randrange(4)):
                records.change()
        assert extracted().failures == []
        _holds(home, system, records)
    return schedule.done, failures


@pytest.mark.every_run
@pytest.mark.parametrize("seed", range(40))
def test_nothing_is_lost_and_nothing_comes_twice(seed: int, tmp_path: Path) -> None:
    _run(seed, tmp_path)


@pytest.mark.parametrize("seed", range(1000, 1000 + MANY))
def test_nothing_is_lost_and_nothing_comes_twice_in_many_schedules(
    seed: int, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    done, failures = _run(seed, tmp_path)
    record_property("type", SIMULATED[seed % len(SIMULATED)].type)
    record_property("faults", ", ".join(done))
    record_property("failures", failures)
    assert set(done) <= set(FAULTS)
