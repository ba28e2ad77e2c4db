"""The frame around every step: errors become a stop or another try, and the reader gets a sentence.

Belongs here: turning exceptions of other packages into Dagster's ``Failure``.
Does not belong here: what a step does.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from orchestration.errors import FailureKind, is_transient, kind_of
from orchestration.runtime.progress_events import stage

KIND = "kind"


def failure(text: str, kind: FailureKind) -> dg.Failure:
    """A failure that is not tried again, carrying its kind for the command line's exit status."""
    return dg.Failure(description=text, metadata={KIND: kind.value}, allow_retries=False)


@contextmanager
def step(name: str, text: str = "") -> Iterator[None]:
    """Run one step: tell its begin and end; retry what can pass by itself, stop for the rest.

    Raises:
        dagster.Failure: For an error that a retry cannot mend.
    """
    try:
        with stage(name, text):
            yield
    except (dg.Failure, GeneratorExit):
        raise
    except Exception as error:
        if is_transient(error):
            raise
        raise failure(str(error), kind_of(error)) from error
