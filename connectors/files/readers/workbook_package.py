"""The parts of an XLSX file besides the cells: worksheets, formats of numbers, shared texts, how it was calculated.

    deals.xlsx → open_package → Package (sheets, date formats, texts, date system, whether results are stored)

Belongs here: the ZIP container with its bounds, and the parts that cells refer to.
Does not belong here: cells (see workbook_cells), choosing a worksheet (see workbook).
"""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Literal
from xml.etree import ElementTree as ET

from connectors.common.problems import DeliveryRejected

# A worksheet may hold 1,048,576 rows; with twenty columns that is about 1.5 GB of XML, packed 10 to 50 times.
_MAX_UNPACKED = 2 << 30
_MAX_TEXTS = 512 << 20
_RATIO_COUNTS_FROM, _MAX_RATIO = 100 << 20, 250
# Built-in formats of dates and times. Their text is in no file: 14 to 22 and 45 to 47 of every language, 27 to
# 36 and 50 to 58 of Chinese, Japanese and Korean programs (31 shows 2026年1月5日), 71 to 81 of Thai ones.
BUILT_IN_DATES = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59), *range(71, 82)])
_BUILT_IN_DURATION = 46


@dataclass(frozen=True)
class Sheet:
    """One worksheet: its name, where its cells are, and whether people see it."""

    name: str
    part: str
    is_visible: bool


def local(tag: str) -> str:
    """The name of an XML element without its namespace (there are two of them for the same workbook)."""
    return tag.rpartition("}")[2]


class Package:
    """An opened workbook.

    Raises:
        DeliveryRejected: It is no workbook, damaged, or unpacks to more than is read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError) as error:
            raise self.damaged() from error
        self._refuse_bomb()
        main = next((name for name in self._zip.namelist() if name.casefold() == "xl/workbook.xml"), None)
        if main is None:
            raise self._no_workbook()
        self._book = self._tree(main)
        self._folder = posixpath.dirname(main)

    def close(self) -> None:
        """Close the file."""
        self._zip.close()

    def damaged(self) -> DeliveryRejected:
        """The error for a workbook that cannot be read."""
        return DeliveryRejected(
            "wrong file type: this is no readable XLSX workbook, or it is damaged",
            where=str(self._path),
            hint="open it in a spreadsheet program and save it again as .xlsx, or as CSV UTF-8",
        )

    def open(self, part: str) -> IO[bytes]:
        """A part of the file, unpacked while it is read."""
        try:
            return self._zip.open(part)
        except (KeyError, RuntimeError, NotImplementedError, zipfile.BadZipFile) as error:
            raise self.damaged() from error

    @cached_property
    def sheets(self) -> list[Sheet]:
        """The worksheets in order; charts are none."""
        targets = self._relations()
        found = []
        for sheet in self._all(self._book, "sheet"):
            relation = next((value for key, value in sheet.items() if local(key) == "id"), "")
            kind, part = targets.get(relation, ("", ""))
            if kind == "worksheet":
                found.append(Sheet(sheet.get("name", ""), part, sheet.get("state", "visible") == "visible"))
        return found

    @cached_property
    def counts_from_1904(self) -> bool:
        """Whether day numbers begin in 1904."""
        return any(_is_true(found.get("date1904")) for found in self._all(self._book, "workbookPr"))

    @cached_property
    def calculation(self) -> Literal["stored", "asked for", "unknown"]:
        """Whether the results of formulas were stored by a program that calculates.

        A program that cannot writes nothing, or zeros, and asks whoever opens the file to calculate it; some
        do not even ask, and then a result of zero proves nothing.
        """
        settings = self._all(self._book, "calcPr")
        for found in settings:
            if _is_true(found.get("fullCalcOnLoad")) or found.get("calcCompleted") in ("0", "false"):
                return "asked for"
        return "stored" if settings else "unknown"

    @cached_property
    def texts(self) -> list[str]:
        """The shared texts."""
        part = next((part for kind, part in self._relations().values() if kind == "sharedStrings"), None)
        if part is None:
            return []
        if self._zip.getinfo(part).file_size > _MAX_TEXTS:
            raise self._too_large(f"its texts alone unpack to more than {_MAX_TEXTS >> 20} MB")
        found = []
        try:
            with self.open(part) as stream:
                for _, node in ET.iterparse(stream):
                    if local(node.tag) == "si":
                        found.append(text_of(node))
                        node.clear()
        except (ET.ParseError, zipfile.BadZipFile, EOFError, zlib.error) as error:
            raise self.damaged() from error
        return found

    @cached_property
    def styles(self) -> dict[int, str]:
        """Number of a cell style to `date`, `duration` or zeros (00000: as many digits), for the styles that say so."""
        from openpyxl.styles.numbers import is_date_format, is_timedelta_format

        part = next((part for kind, part in self._relations().values() if kind == "styles"), None)
        if part is None:
            return {}
        tree = self._tree(part)
        own = {found.get("numFmtId"): found.get("formatCode", "") for found in self._all(tree, "numFmt")}
        styles = {}
        for number, style in enumerate(style for xfs in self._all(tree, "cellXfs") for style in xfs):
            identity = style.get("numFmtId", "0")
            code = own.get(identity)
            if (identity == str(_BUILT_IN_DURATION)) if code is None else is_timedelta_format(code):
                styles[number] = "duration"
            elif (int(identity) in BUILT_IN_DATES) if code is None else is_date_format(code):
                styles[number] = "date"
            elif code and set(code) == {"0"}:
                styles[number] = code
        return styles

    def _relations(self) -> dict[str, tuple[str, str]]:
        """Relation id to (kind, part of the file)."""
        found = {}
        for relation in self._all(self._tree(f"{self._folder}/_rels/workbook.xml.rels"), "Relationship"):
            kind = relation.get("Type", "").rpartition("/")[2]
            part = posixpath.normpath(posixpath.join("/" + self._folder, relation.get("Target", "")))
            found[relation.get("Id", "")] = (kind, part.lstrip("/"))
        return found

    def _tree(self, part: str) -> ET.Element:
        try:
            with self.open(part) as stream:
                return ET.parse(stream).getroot()
        except (ET.ParseError, zipfile.BadZipFile, EOFError, zlib.error) as error:
            raise self.damaged() from error

    @staticmethod
    def _all(tree: ET.Element, name: str) -> list[ET.Element]:
        return [node for node in tree.iter() if local(node.tag) == name]

    def _refuse_bomb(self) -> None:
        unpacked = sum(part.file_size for part in self._zip.infolist())
        ratio = unpacked / max(1, self._path.stat().st_size)
        if unpacked > _MAX_UNPACKED or (unpacked > _RATIO_COUNTS_FROM and ratio > _MAX_RATIO):
            raise self._too_large(
                f"it unpacks to {unpacked / (1 << 20):,.0f} MB, {ratio:,.0f} times its size"
            )

    def _too_large(self, what: str) -> DeliveryRejected:
        self.close()
        return DeliveryRejected(
            f"the workbook is not read: {what}",
            where=str(self._path),
            hint=f"at most {_MAX_UNPACKED >> 20} MB are unpacked; save it again in a spreadsheet program (empty "
            "formatted rows are the usual cause), split it, or save it as CSV UTF-8",
        )

    def _no_workbook(self) -> DeliveryRejected:
        names = {name.casefold() for name in self._zip.namelist()}
        self.close()
        if "xl/workbook.bin" in names:
            found = "a binary workbook (.xlsb)"
        elif "mimetype" in names:
            found = "an OpenDocument file (.ods)"
        else:
            found = "a ZIP archive without a workbook"
        return DeliveryRejected(
            f"wrong file type: this is no XLSX workbook but {found}",
            where=str(self._path),
            hint="save it as .xlsx or as CSV UTF-8",
        )


def text_of(node: ET.Element) -> str:
    """The text of a shared or inline string: its runs, without the phonetic signs above them."""
    pieces = []
    for child in node:
        if local(child.tag) == "t":
            pieces.append(child.text or "")
        elif local(child.tag) == "r":
            pieces += [part.text or "" for part in child if local(part.tag) == "t"]
    return "".join(pieces)


def _is_true(value: str | None) -> bool:
    return value in ("1", "true", "on")
