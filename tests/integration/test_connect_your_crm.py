"""README's "Connect your CRM in ten minutes", followed to the letter against a simulated Salesforce."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from demo.simulators.salesforce import SalesforceSimulator
from tests.support.connected_system import moment

ROOT = Path(__file__).resolve().parents[2]
HEADING = "## Connect your CRM in ten minutes"
_FENCE = re.compile(r"```(?P<kind>bash|yaml|csv)\n(?P<text>.*?)```", re.DOTALL)
#: what a reader puts in the place of the example's: the address, and what the connected app says
OWN = {"'the consumer key'": "simulated-client", "'the consumer secret'": "simulated-secret"}

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Block:
    """A fenced block of the section.

    Attributes:
        kind: bash, yaml or csv.
        text: What stands in it; of a file without its first line, which names it.
        file: That name.
    """

    kind: str
    text: str
    file: str | None = None


def blocks() -> list[Block]:
    """The blocks of the section, in their order."""
    section = (
        (ROOT / "README.md").read_text(encoding="utf-8").partition(f"{HEADING}\n")[2].partition("\n## ")[0]
    )
    found = []
    for fence in _FENCE.finditer(section):
        first, _, rest = fence["text"].partition("\n")
        is_file = fence["kind"] != "bash"
        found.append(
            Block(fence["kind"], rest if is_file else fence["text"], first.lstrip("# ") if is_file else None)
        )
    return found


@pytest.fixture
def organisation() -> Iterator[SalesforceSimulator]:
    """One with two users, an account and two won opportunities."""
    records: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("Lead", "OpportunityFieldHistory", "OpportunityHistory", "Task", "Event")
    }
    common = {"SystemModstamp": moment(0), "CreatedDate": moment(0), "IsDeleted": False}
    records["User"] = [
        {"Id": f"005{at}", "Name": name, "Email": f"{name}@acme.example", "IsActive": True, **common}
        for at, name in enumerate(("mia.klein", "somebody.else"))
    ]
    records["Account"] = [
        {
            "Id": "001A",
            "Name": "Nordlicht GmbH",
            "Type": "company",
            "Phone": None,
            "OwnerId": "0050",
            **common,
        }
        | {"LastModifiedDate": moment(0)}
    ]
    records["Opportunity"] = [_won("006A", "1000.00", "0050", "New"), _won("006B", "400.00", "0051", "New")]
    records["Opportunity"].append(_won("006C", "70.00", "0050", "Renewal"))
    with SalesforceSimulator(records) as simulator:
        yield simulator


def _won(number: str, amount: str, owner: str, kind: str) -> dict[str, Any]:
    return {
        "Id": number,
        "Name": number,
        "AccountId": "001A",
        "OwnerId": owner,
        "Amount": float(amount),
        "CloseDate": "2026-03-02",
        "StageName": "Closed Won",
        "IsWon": True,
        "IsClosed": True,
        "Type": kind,
        "LeadSource": None,
        "Paid_To__r": {"Email": "mia.klein@acme.example"},
        "CreatedDate": moment(0),
        "SystemModstamp": moment(0),
        "IsDeleted": False,
    }


class Reader:
    """Somebody who does what README says, in a folder like a clone of the repository."""

    def __init__(self, folder: Path, simulator: SalesforceSimulator) -> None:
        self.folder, self.simulator = folder, simulator
        (folder / ".venv" / "bin").mkdir(parents=True)
        (folder / ".venv" / "bin" / "incentives").symlink_to(Path(sys.executable).with_name("incentives"))
        self.exported: list[str] = []
        self.line = ""

    def run(self, text: str) -> str:
        """Run the commands of a block, one after the other; what it exports, and the line a run names, is kept."""
        for example, own in OWN.items():
            text = text.replace(example, own)
        return "".join(self._command(line) for line in text.splitlines() if line.strip())

    def _command(self, line: str) -> str:
        if line.startswith("export "):
            self.exported.append(line)
            return ""
        script = "\n".join([*self.exported, line.replace("LINE_ID", self.line)])
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("INCENTIVES_")
        }
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=self.folder,
            env=environment | {"COLUMNS": "160", "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )
        assert done.returncode == 0, f"{line}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        named = re.search(r"incentives explain (\w{32})", done.stdout)
        self.line = named[1] if named else self.line
        return done.stdout

    def write(self, block: Block) -> None:
        """Write the file of a block, or add it to the one that it goes under."""
        name, _, where = (block.file or "").partition(", ")
        text = block.text.replace("https://acme.my.salesforce.com", self.simulator.url)
        with (self.folder / name).open("a" if where else "w", encoding="utf-8") as file:
            file.write(text)

    def earned(self) -> dict[str, Decimal]:
        """What was earned for each deal."""
        with duckdb.connect(str(self.folder / "var/live/warehouse.duckdb"), read_only=True) as connection:
            query = (
                "select deal_id, sum(amount) from marts.fct_payout_lines where employee_id = 'E1' group by 1"
            )
            return dict(connection.execute(query).fetchall())


def test_the_section_is_followed_to_the_letter(organisation: SalesforceSimulator, tmp_path: Path) -> None:
    reader = Reader(tmp_path, organisation)
    said: list[str] = []
    earned: list[dict[str, Decimal]] = []
    for block in blocks():
        if block.kind != "bash":
            reader.write(block)
            continue
        said.append(reader.run(block.text))
        if "incentives run" in block.text:
            earned.append(reader.earned())
    prepared, checked, paid, again = said
    assert prepared == ""
    assert "opportunities can be read" in checked
    assert "FAILED" not in checked
    assert "deal 006" in paid, "explain shows the deal"
    assert f"{organisation.url}/006" in paid, "and where it stands in Salesforce"
    assert "FAILED" not in again
    first, second = earned
    assert set(first) == {"006A", "006C"}
    assert set(second) == {"006A", "006B"}, "paid by the field of the organisation's own, and of one type"
    assert second["006B"] > 0
    assert all(amount > 0 for amount in [*first.values(), *second.values()])
