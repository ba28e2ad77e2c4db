"""What is known of the marts in the warehouse: whether they are whole, and which gates they passed.

The computation starts it anew; gates add to it, in whichever run they validate; the publication decides by it.

Belongs here: these notes. Does not belong here: the last good run (``last_good_run``), validating.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from orchestration.runtime.json_state import read_state, write_state
from orchestration.settings import Settings


@dataclass(frozen=True)
class CalculationState:
    """Notes on the marts of the warehouse.

    Args:
        is_whole: Every model was built and every data test ran; none of error severity failed.
        passed: Gates at the marts that validated all they can, without a critical failure.
        raw_passed: Delivery hashes of the raw layer that passed its gate, and the fingerprint of the code.
        unchanged_in: The Dagster run that found nothing to compute.
    """

    is_whole: bool = False
    passed: tuple[str, ...] = ()
    raw_passed: tuple[str, ...] = ()
    unchanged_in: str = ""

    def lacks(self, gates: Iterable[str]) -> list[str]:
        """The gates that these marts have not passed."""
        return [gate for gate in gates if gate not in self.passed]


def state_file(settings: Settings) -> Path:
    """Where the notes lie."""
    return settings.home / "calculation_state.json"


def read_calculation_state(settings: Settings) -> CalculationState:
    """The notes; empty when they are missing or damaged."""
    content = read_state(state_file(settings))
    try:
        lists = {name: tuple(content[name]) for name in ("passed", "raw_passed")}
        return CalculationState(**{**content, **lists})
    except (KeyError, TypeError):
        return CalculationState()


def _write(settings: Settings, state: CalculationState) -> None:
    write_state(state_file(settings), asdict(state))


def begin_calculation(settings: Settings) -> None:
    """Note that the marts are about to be written."""
    _write(settings, CalculationState(raw_passed=read_calculation_state(settings).raw_passed))


def note_whole(settings: Settings) -> None:
    """Note that all models are built and all data tests passed."""
    _write(settings, replace(read_calculation_state(settings), is_whole=True))


def note_unchanged(settings: Settings, dagster_run: str) -> None:
    """Note that a run found nothing to compute."""
    _write(settings, replace(read_calculation_state(settings), unchanged_in=dagster_run))


def note_gate(settings: Settings, gate: str) -> None:
    """Note that the marts passed a gate."""
    state = read_calculation_state(settings)
    _write(settings, replace(state, passed=tuple(sorted({*state.passed, gate}))))


def note_raw_gate(settings: Settings, loads: Iterable[str], code: str) -> None:
    """Note which raw layer passed its gate."""
    _write(settings, replace(read_calculation_state(settings), raw_passed=(*loads, code)))
