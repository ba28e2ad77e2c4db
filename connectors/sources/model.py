"""What a type of system is, and what an instance of one is: plain descriptions, nothing runs here.

Belongs here: resources, types, instances, what an extractor has to do. Does not belong here: reading sources.yml
(`configuration`), fetching (`extraction`), the list of types (`registry`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Protocol

from pydantic import Field

from connectors.files.mapping.strict import Strict

if TYPE_CHECKING:
    from connectors.common.yaml_document import YamlDocument
    from connectors.files.mapping.model import Mapping as FieldMapping
    from connectors.sources.configuration.secret_values import SecretRef, Secrets

WriteMode = Literal["incremental", "full"]


@dataclass(frozen=True)
class Days:
    """Days from a first to a last one, both included."""

    first: dt.date
    last: dt.date

    def __bool__(self) -> bool:
        """Whether there is a day among them."""
        return self.first <= self.last

    @classmethod
    def none(cls) -> Days:
        """No day."""
        return cls(dt.date.max, dt.date.min)

    def spans(self, longest: int) -> Iterator[Days]:
        """The same days in pieces of at most so many."""
        first = self.first
        while first <= self.last:
            last = min(self.last, first + dt.timedelta(days=longest - 1))
            yield Days(first, last)
            first = last + dt.timedelta(days=1)


@dataclass(frozen=True)
class Daily:
    """How a report of days is read: a reading replaces all that is known of the days it covers.

    Attributes:
        trailing: Days before the last one read that are read again, for the vendor corrects them.
        zone: IANA zone of its days.
        complete_at: Hour of the next day from which a day is complete.
        earliest: First day that the vendor gives.
        reach: How many days back the vendor gives; None: as far as `earliest`.
    """

    trailing: int
    zone: str = "Asia/Shanghai"
    complete_at: int = 0
    earliest: dt.date = dt.date(2000, 1, 1)
    reach: int | None = None


@dataclass(frozen=True)
class Resource:
    """One kind of record of a system.

    Attributes:
        name: Table in the schema raw_<type>, and name in mappings.
        key: Fields that identify a record; several are joined by `|`.
        write_mode: `incremental` reads what changed since the cursor, `full` reads all and notices deletions.
        cursor: Field that grows with each change; the last value read is where the next extraction begins.
        about: What a record is.
        deleted_flag: Field that is true on a deleted record.
        sweep: After an incremental read all keys are listed, so that deletions are noticed.
        fields: Fields that are asked for; those that a mapping uses besides are added.
        overlap: How far before the cursor the next extraction begins, for clocks that differ.
        dated: Records before the instance's start date are not wanted.
        ordered: Records come in the order of the cursor, so that what was read before a failure can be kept.
        daily: The resource is a report of days; its cursor is the day.
        is_sparse: Records lack the keys of empty fields, so that a missing key says nothing.
        permission: What the credentials have to allow.
        limits: Limits of the vendor that matter, in words.
        object: What the vendor calls it.
    """

    name: str
    key: tuple[str, ...]
    write_mode: WriteMode = "incremental"
    cursor: str | None = None
    about: str = ""
    deleted_flag: str | None = None
    sweep: bool = False
    fields: tuple[str, ...] = ()
    overlap: dt.timedelta = dt.timedelta(0)
    dated: bool = False
    ordered: bool = False
    daily: Daily | None = None
    is_sparse: bool = False
    permission: str = ""
    limits: str = ""
    object: str = ""

    def with_window(self, trailing: int, accounts: int) -> Resource:
        """This report of days with the window of an instance; with several accounts days do not come in order.

        Args:
            trailing: Days before the last one read that are read again.
            accounts: How many accounts are read one after the other.
        """
        assert self.daily is not None
        daily = replace(self.daily, trailing=trailing)
        return replace(self, daily=daily, overlap=dt.timedelta(days=trailing), ordered=accounts == 1)


@dataclass(frozen=True)
class SecretSpec:
    """A secret that a type can use."""

    name: str
    about: str
    required: bool = True


class Connection(Strict):
    """Base of the keys of sources.yml that only one type has."""


class Patience(Strict):
    """How long a request is tried.

    Attributes:
        attempts: Requests in all.
        longest_wait: Seconds to wait between two at most; a vendor that asks for more stops the extraction.
        factor: Seconds of the first wait, doubled each time.
        timeout: Seconds without a byte after which a request counts as broken.
        longest_answer: Seconds that an answer may take from its first to its last byte.
    """

    attempts: Annotated[int, Field(ge=1)] = 5
    longest_wait: Annotated[float, Field(ge=0)] = 120.0
    factor: Annotated[float, Field(ge=0)] = 1.0
    timeout: Annotated[float, Field(gt=0)] = 60.0
    longest_answer: Annotated[float, Field(gt=0)] = 600.0


class RestConnection(Connection):
    """Keys that every type that speaks HTTP has."""

    patience: Patience = Patience()


@dataclass(frozen=True)
class SourceType:
    """A type of system.

    Attributes:
        name: As sources.yml names it; the schema is raw_<name>.
        about: In one sentence.
        connection: Model of its own keys in sources.yml.
        secrets: The secrets it can use.
        resources: What it brings; empty when the instance says it.
        extractor: `module:Class` of what fetches; loaded when something is extracted.
        folder: Where its mapping.yml lies; None: the whole mapping stands in sources.yml.
    """

    name: str
    about: str
    connection: type[Connection]
    secrets: tuple[SecretSpec, ...]
    extractor: str
    resources: tuple[Resource, ...] = ()
    folder: Path | None = None

    def resources_of(self, connection: Connection) -> tuple[Resource, ...]:  # noqa: ARG002
        """The resources of an instance."""
        return self.resources

    def example_resources(self) -> tuple[Resource, ...]:
        """What `sources types` shows of a type whose resources the instance says."""
        return ()

    def problem(self, connection: Connection, secrets: Iterable[str]) -> str | None:  # noqa: ARG002
        """What does not go together in an instance, in a sentence; None when all is well."""
        return None

    def record_address(self, connection: Connection, resource: str, record_id: str) -> str | None:  # noqa: ARG002
        """Web address of a record, None where the system has none."""
        return None

    def open(self, instance: Instance, secrets: Secrets) -> Extractor:
        """Make what fetches the records of an instance; loads dlt."""
        module, name = self.extractor.split(":")
        made: Extractor = getattr(import_module(module), name)(instance, secrets)
        return made


@dataclass(frozen=True)
class Instance:
    """A connected system as sources.yml describes it.

    Attributes:
        name: Its name; `source` of everything that comes from it.
        type: Its type.
        connection: Keys of its type.
        secrets: Where its secrets are.
        start_date: Dated records before it are not wanted.
        mapping: From its records to the templates.
        document: Where the mapping is written.
        tokens: Folder of what its vendor rotates (`http/rotating_tokens.py`).
    """

    name: str
    type: SourceType
    connection: Any
    secrets: Mapping[str, SecretRef]
    start_date: dt.date
    mapping: FieldMapping
    document: YamlDocument
    tokens: Path = Path("tokens")

    @property
    def schema(self) -> str:
        """Schema of its raw records."""
        return f"raw_{self.type.name}"

    @property
    def resources(self) -> tuple[Resource, ...]:
        """What it brings."""
        return self.type.resources_of(self.connection)

    def fields_of(self, resource: Resource) -> tuple[str, ...]:
        """Fields of a resource that are asked for: the type's own, then what the mapping uses besides."""
        used = {
            path
            for short, source in self.mapping.sources.items()
            if source.file == resource.name
            for path in self.mapping.columns_of(short)
        }
        needed = [*resource.key, *filter(None, (resource.cursor, resource.deleted_flag))]
        return tuple(dict.fromkeys([*resource.fields, *needed, *sorted(used)]))


@dataclass(frozen=True)
class Wanted:
    """What is asked of an extractor.

    Attributes:
        resource: Which records.
        fields: Which fields.
        since: Records changed at or after this cursor value; None: all.
        keys_only: Only the keys of all records there are, to notice deletions.
        days: Of a report of days: those that are wanted.
    """

    resource: Resource
    fields: tuple[str, ...]
    since: str | None = None
    keys_only: bool = False
    days: Days | None = None


@dataclass(frozen=True)
class Finding:
    """What a check of a connection found, in a sentence."""

    what: str
    passed: bool
    sentence: str
    hint: str = field(default="")


class Extractor(Protocol):
    """What fetches the records of an instance."""

    def pages(self, wanted: Wanted) -> Iterator[Any]:
        """Pages of records: lists of dicts, or Arrow tables."""
        ...

    def checks(self) -> Iterator[Finding]:
        """Tries address, credentials and each permission."""
        ...
