"""What the proof that holds for every type of system needs of one: to start it, to change records, to describe it.

Belongs here: the base. Does not belong here: systems (`systems`, `vendors`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, Self

from connectors.sources.configuration.secret_values import resolve
from connectors.sources.extraction.sentences import sentence_of
from connectors.sources.model import Instance, Wanted
from demo.simulators.server import Asked

PAGE = 4
#: little of it: faults are there to be met, not to be waited for
PATIENCE = {"attempts": "3", "factor": "0.01", "longest_wait": "0.2"}


class System(ABC):
    """One system of a type, with one resource that the proof looks at.

    Attributes:
        type: The type's name.
        resource: The resource that the proof looks at.
        is_simulated: It is a simulator, before which faults can be put.
        simulator: That one.
    """

    type: str
    resource: str
    is_simulated = True
    simulator: Any

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @abstractmethod
    def __enter__(self) -> Self: ...

    @abstractmethod
    def __exit__(self, *_: object) -> None: ...

    @abstractmethod
    def entry(self) -> dict[str, Any]:
        """What stands in sources.yml besides name and type; secrets are written to files of `folder`."""

    @abstractmethod
    def put(self, number: int, amount: str, second: int = 0) -> None:
        """Make or change the record of a number; `second` is when, and may be the same for several."""

    @abstractmethod
    def delete(self, number: int, second: int = 0) -> None:
        """Delete the record of a number."""

    @abstractmethod
    def record_id(self, number: int) -> str:
        """The record's id."""

    @abstractmethod
    def amount_of(self, record: dict[str, Any]) -> str:
        """The amount in a raw record."""

    def error_in_a_200(self) -> Any:
        """The vendor's words for an error, where they come with the status 200; another shape where it has none."""
        return {"error": "something went wrong"}

    def records_of(self, body: Any) -> list[Any] | None:  # noqa: ARG002
        """The list of records in an answer, where the test may take one away."""
        return None

    def spares(self, asked: Asked) -> bool:  # noqa: ARG002
        """Requests before which no fault is put."""
        return False

    def secret(self, name: str, value: str) -> dict[str, str]:
        """A secret in a file."""
        path = self.folder / f"secret_{name}"
        path.write_text(value, encoding="utf-8")
        return {"file": str(path)}


def moment(second: int) -> str:
    """A moment of a day in 2026, as Salesforce writes it."""
    return f"2026-03-01T{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}.000+0000"


def records(instance: Instance, resource: str, since: str | None = None) -> list[dict[str, Any]]:
    """The records of a resource as the vendor gives them, nothing landed: for tests of what only a vendor does.

    Raises:
        SourceFailed: The vendor did not give them.
    """
    (wanted,) = [one for one in instance.resources if one.name == resource]
    secrets = resolve(instance.name, instance.secrets, "sources.yml")
    try:
        pages = instance.type.open(instance, secrets).pages(Wanted(wanted, instance.fields_of(wanted), since))
        return [record for page in pages for record in page]
    except Exception as error:  # noqa: BLE001  as an extraction tells it
        raise sentence_of(error, secrets) from None


class Simulated(System):
    """A system that is a simulator, started and ended with it."""

    def __enter__(self) -> Self:
        self.simulator = self.simulated()
        self.simulator.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.simulator.__exit__()

    @abstractmethod
    def simulated(self) -> Any:
        """The simulator, not started yet."""
