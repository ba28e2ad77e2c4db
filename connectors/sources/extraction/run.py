"""One extraction of an instance: every resource is read, what is new is landed together, then it counts.

    remove what was interrupted → read each resource → compare → land through dlt → mark as complete

Belongs here: that order, and what becomes of a failure. Does not belong here: any of the steps themselves.

A resource that fails does not stop the others. What an ordered resource gave before it failed is kept, and the next
extraction goes on from there.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from connectors.common.errors import UserError
from connectors.files.scratch import Scratch
from connectors.sources.configuration.secret_values import Secrets, resolve
from connectors.sources.errors import RecordsMissing, SourceFailed
from connectors.sources.extraction import raw_layer as raw
from connectors.sources.extraction.cursors import moved_back
from connectors.sources.extraction.days import days_after, days_chosen
from connectors.sources.extraction.drift import new_fields, refuse_drift
from connectors.sources.extraction.incoming import Incoming
from connectors.sources.extraction.json_text import EMPTY
from connectors.sources.extraction.sentences import sentence_of
from connectors.sources.extraction.versions import settle, version_query
from connectors.sources.model import Days, Extractor, Instance, Resource, Wanted


@dataclass
class ResourceReport:
    """What became of one resource.

    Attributes:
        rows_read: Records the system gave.
        rows_new: New versions, deletions included.
        new_fields: Fields never seen before.
        failure: Why it failed, in a sentence; None when it did not.
    """

    resource: str
    rows_read: int = 0
    rows_new: int = 0
    rows_deleted: int = 0
    cursor_value: str | None = None
    new_fields: list[str] = field(default_factory=list)
    failure: str | None = None
    hint: str = ""


@dataclass
class ExtractionReport:
    """What one extraction of an instance did.

    Attributes:
        load_id: Name of the extraction; None when nothing was new.
    """

    instance: str
    type: str
    load_id: str | None = None
    resources: list[ResourceReport] = field(default_factory=list)

    @property
    def failures(self) -> list[str]:
        """A sentence for each resource that failed: instance, resource, cause."""
        return [f"{self.instance}.{one.resource}: {one.failure}" for one in self.resources if one.failure]


def extract(
    instance: Instance,
    warehouse: Path,
    *,
    dlt_dir: Path,
    only: Collection[str] | None = None,
    days: Days | None = None,
    allow_shrink: bool = False,
) -> ExtractionReport:
    """Extract the resources of an instance; the caller sees to it that nobody else writes the warehouse.

    Args:
        instance: The connected system.
        warehouse: DuckDB file; made when missing.
        dlt_dir: Folder for dlt's working state.
        only: Names of the resources; None: all.
        days: Read these days of reports of days, and nothing else; the cursor stays where it is.
        allow_shrink: Let answers pass that look cut off.

    Returns:
        What became of each resource; a failed one carries its sentence.

    Raises:
        SourceProblem: Secrets are missing.
    """
    secrets = resolve(instance.name, instance.secrets, f"secrets of {instance.name} in sources.yml")
    report = ExtractionReport(instance.name, instance.type.name)
    wanted = [one for one in instance.resources if only is None or one.name in only]
    wanted = [one for one in wanted if days is None or one.daily is not None]
    raw.remove_unfinished(warehouse, instance)
    with Scratch() as scratch, raw.known_records(scratch.connection, warehouse, instance) as known:
        queries: dict[str, str] = {}
        accounts: list[raw.Account] = []
        opened = _opened(instance, secrets, wanted, report)
        for resource in wanted if opened is not None else ():
            read = _Reading(instance, secrets, resource, scratch, known, days=days, allow_shrink=allow_shrink)
            read.run(opened, report, queries, accounts)
        if not accounts:
            return report
        seq = known.last_seq() + 1
        mark = hashlib.sha256(f"{instance.name}|{seq}|{dt.datetime.now(dt.UTC)}".encode()).hexdigest()
        load_id = f"{seq:06d}-{mark[:12]}"
        landed = {one: version_query(query, instance.name, load_id, seq) for one, query in queries.items()}
        raw.land_versions(instance, landed, known, scratch.connection, warehouse, dlt_dir)
    raw.complete(warehouse, instance, load_id, seq, accounts)
    report.load_id = load_id
    return report


def _opened(
    instance: Instance, secrets: Secrets, wanted: list[Resource], report: ExtractionReport
) -> Extractor | None:
    """What fetches; when it cannot be made, all resources have failed."""
    try:
        return instance.type.open(instance, secrets)
    except Exception as error:  # noqa: BLE001  whatever it is, the reader gets a sentence without secrets
        said = sentence_of(error, secrets)
        report.resources = [ResourceReport(one.name, failure=said.what, hint=said.hint) for one in wanted]
        return None


class _Reading:
    """The reading of one resource."""

    def __init__(
        self,
        instance: Instance,
        secrets: Secrets,
        resource: Resource,
        scratch: Scratch,
        known: raw.KnownRecords,
        *,
        days: Days | None,
        allow_shrink: bool,
    ) -> None:
        self.instance, self.secrets, self.resource = instance, secrets, resource
        self.known, self.chosen, self.allow_shrink = known, days, allow_shrink
        self.days: Days | None = None
        self.last = known.last_read(resource.name)
        self.incoming = Incoming(scratch.connection, scratch.folder, resource)

    def run(
        self, opened: Any, report: ExtractionReport, queries: dict[str, str], accounts: list[raw.Account]
    ) -> None:
        """Read the resource, and add what is to be landed and noted."""
        told = ResourceReport(self.resource.name)
        report.resources.append(told)
        failure = self._read(opened)
        try:
            query, account = self._settled(failure)
        except UserError as error:
            failure, query, account = failure or SourceFailed(error.what, hint=error.hint), "", None
        told.rows_read = self.incoming.rows
        if failure is not None:
            told.failure, told.hint = self.secrets.redacted(failure.what), self.secrets.redacted(failure.hint)
        if account is None:
            return
        told.rows_new, told.rows_deleted = account.rows_new, account.rows_deleted
        told.cursor_value, told.new_fields = account.cursor_value, new_fields(self.incoming.types, self.last)
        if account.rows_new:
            queries[self.resource.name] = query
        if account.rows_new or self._says_something(account):
            accounts.append(account)

    def _read(self, opened: Any) -> SourceFailed | None:
        fields = self.instance.fields_of(self.resource)
        try:
            self.days = self._days(fields)
            wanted = Wanted(self.resource, fields, self._since(fields), days=self.days)
            for page in opened.pages(wanted) if self.days is None or self.days else ():
                self.incoming.take(page)
            if self.resource.sweep:
                for page in opened.pages(Wanted(self.resource, self.resource.key, keys_only=True)):
                    self.incoming.take(page, keys_only=True)
        except Exception as error:  # noqa: BLE001  whatever it is, the reader gets a sentence without secrets
            return sentence_of(error, self.secrets)
        self.incoming.note_absent(fields)
        return None

    def _days(self, fields: tuple[str, ...]) -> Days | None:
        """Of a report of days: the days to read."""
        if self.resource.daily is None:
            return None
        if self.chosen is not None:
            return days_chosen(self.resource.daily, self.chosen)
        return days_after(self.resource.daily, self._since(fields))

    def _since(self, fields: tuple[str, ...]) -> str | None:
        """Where to begin: the cursor less the overlap; at first, and for fields never asked for, the start date."""
        if self.resource.write_mode == "full" or self.resource.cursor is None:
            return None
        start = f"{self.instance.start_date.isoformat()}T00:00:00+00:00" if self.resource.dated else None
        if self._begins_anew(fields):
            return start
        return moved_back(self.last.cursor_value, self.resource.overlap) or start

    def _begins_anew(self, fields: tuple[str, ...]) -> bool:
        """Whether fields are asked for that no earlier extraction asked for."""
        seen = self.last.field_types
        return bool(seen) and any(path not in seen for path in fields)

    def _settled(self, failure: SourceFailed | None) -> tuple[str, raw.Account | None]:
        is_complete = failure is None
        self.incoming.close()
        if not is_complete and not (self.resource.ordered and self.incoming.rows):
            return "", None
        used = {
            path
            for short, source in self.instance.mapping.sources.items()
            if source.file == self.resource.name
            for path in self.instance.mapping.columns_of(short)
        }
        refuse_drift(self.resource, self.incoming.types, self.last, used)
        query, account = settle(
            self.incoming,
            self.known,
            is_complete=is_complete,
            cursor=self.last.cursor_value,
            days=self.days,
            allow_shrink=self.allow_shrink,
        )
        if not is_complete:
            account = self._unfinished(account, failure)
        if self.chosen is not None:  # a part that was asked for says nothing about where the whole stands
            was_complete = self.last.load_id is not None and self.last.is_complete
            account = replace(account, cursor_value=self.last.cursor_value, is_complete=was_complete)
        return query, account

    def _unfinished(self, account: raw.Account, failure: SourceFailed | None) -> raw.Account:
        """The account of a failed reading: the next one begins where nothing is left out."""
        fields = self.instance.fields_of(self.resource)
        if self._begins_anew(fields):  # records not reached lack the new fields: the next one begins anew too
            known = {
                path: kind for path, kind in account.field_types.items() if path in self.last.field_types
            }
            return replace(account, cursor_value=self.last.cursor_value, field_types=known)
        self.incoming.note_absent(fields)  # asked for from here on
        account = replace(account, field_types=self.incoming.types)
        if isinstance(failure, RecordsMissing):
            return replace(account, cursor_value=self.last.cursor_value)
        return account

    def _says_something(self, account: raw.Account) -> bool:
        """Whether the account differs from the last one; a repetition leaves nothing behind."""
        last = self.last
        kinds = {path for path, kind in account.field_types.items() if last.field_types.get(path) != kind}
        kinds -= {path for path in kinds if account.field_types[path] in EMPTY and path in last.field_types}
        moved = account.cursor_value != last.cursor_value or account.is_complete != last.is_complete
        return last.load_id is None or moved or bool(kinds)
