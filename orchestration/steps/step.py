"""The error boundary around every step: errors become a stop or another try, and the reader gets a sentence.

Only what may pass by itself is tried again, and it is asked for here: Dagster's own retry policy of an asset would
also start a step again that somebody stops (decision 0206).

Belongs here: turning exceptions of other packages into Dagster's ``Failure``, or into a sentence.
Does not belong here: what a step does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import dagster as dg

from connectors.common.errors import UserError
from connectors.common.storage import is_interruption, storage_problem
from orchestration.errors import FailureKind, is_transient, kind_of
from orchestration.runtime.ctrl_c import was_pressed
from orchestration.runtime.progress_events import stage

KIND = "kind"
RETRIES = 2
SECONDS_BETWEEN = 10


def failure(text: str, kind: FailureKind) -> dg.Failure:
    """A failure that is not tried again, carrying its kind for the command line's exit status."""
    return dg.Failure(description=text, metadata={KIND: kind.value}, allow_retries=False)


@contextmanager
def step(name: str, text: str = "") -> Iterator[None]:
    """Run one step: emit its begin and end; ask for another try after a transient error, stop for the rest.

    Raises:
        dagster.RetryRequested: For an error that may pass by itself.
        dagster.Failure: For an error that a retry cannot fix.
        KeyboardInterrupt: What failed was stopped by Ctrl-C and told of it as an error of its own.
    """
    try:
        with stage(name, text):
            yield
    except (dg.Failure, dg.RetryRequested, GeneratorExit):
        raise
    except Exception as error:
        if was_pressed() or is_interruption(error):
            raise KeyboardInterrupt from error
        if is_transient(error):
            raise dg.RetryRequested(RETRIES, SECONDS_BETWEEN) from error
        told = error if isinstance(error, UserError) else storage_problem(error) or error
        raise failure(str(told), kind_of(told)) from error


def attempt(
    name: str, work: Callable[[], tuple[dict[str, Any], list[str]]]
) -> tuple[dict[str, Any], list[str]]:
    """Run a step whose failure fails no run: the figures are published, pages and messages can be made again.

    Args:
        name: Of the stage.
        work: Returns what it made, and what did not work in sentences.

    Returns:
        The same; nothing made and the error's sentence after an exception.
    """
    try:
        with stage(name):
            return work()
    except Exception as error:  # noqa: BLE001  see above
        return {}, [str(error)]
