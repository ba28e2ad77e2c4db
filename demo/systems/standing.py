"""Stands the company's systems up on loopback, for as long as a command runs.

    company → files/ (what comes as files) + systems/ (erp.sqlite, secrets, sources.yml) + simulators in this process

Belongs here: what comes as files, addresses and secrets, starting and ending. Does not belong here: records (the other
modules of this package), protocols (`demo/simulators`).
"""

from __future__ import annotations

import datetime as dt
import os
import secrets
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ruamel.yaml import YAML

from demo.company import build_company
from demo.simulators.ocean_engine import OceanEngineSimulator
from demo.simulators.salesforce import SalesforceSimulator
from demo.simulators.server import Simulator
from demo.simulators.tencent_ads import TencentAdsSimulator
from demo.simulators.xapi import XapiSimulator
from demo.systems import crm, erp
from demo.systems.ads import days_given, ocean_engine_records, tencent_ads_records
from demo.systems.crm import salesforce_records
from demo.systems.erp import write_erp
from demo.systems.learning import learning_records
from demo.world.tables import Tables

_SOURCES = Path(__file__).with_name("sources.yml")
#: what names the file to a pipeline
SOURCES_VARIABLE = "INCENTIVES_SOURCES"
_IN_SYSTEMS = {*crm.TEMPLATES, *erp.TEMPLATES, "campaigns", "course_results"}


class CompanySystems:
    """The company: `files/` as a delivery, and its systems while the block is open.

    Args:
        directory: Where everything is written; made when missing.
        seed: Chooses the company.

    Attributes:
        facts: What is seeded.
        files: Folder of the delivery.
        sources: The sources.yml of the systems.
        simulators: By the name of their instance.
    """

    def __init__(self, directory: Path, seed: int = 7) -> None:
        world, self.facts = build_company(seed)
        self.files = directory / "files"
        self._folder = directory / "systems"
        self.sources = self._folder / "sources.yml"
        today = dt.datetime.now(ZoneInfo("Asia/Shanghai")).date()
        days, older = days_given(world.tables, today)
        _write_files(self.files, world.tables, older)
        self._folder.mkdir(parents=True, exist_ok=True)
        write_erp(self._folder / "erp.sqlite", world.tables)
        keys = {
            name: secrets.token_hex(16) for name in ("salesforce", "ocean_engine", "tencent_ads", "learning")
        }
        campaigns = world.tables.records("campaigns")
        self.simulators: dict[str, Simulator] = {
            "salesforce": SalesforceSimulator(
                salesforce_records(world.tables), client_secret=keys["salesforce"]
            ),
            "ocean_engine": OceanEngineSimulator(
                ocean_engine_records(campaigns, days), refresh_token=keys["ocean_engine"]
            ),
            "tencent_ads": TencentAdsSimulator(
                tencent_ads_records(campaigns, days), refresh_token=keys["tencent_ads"]
            ),
            "learning": XapiSimulator(learning_records(world.tables), password=keys["learning"]),
        }
        self._secrets = _secrets_of(keys, self._folder / "erp.sqlite")

    def __enter__(self) -> CompanySystems:
        self._open = ExitStack()
        for one in self.simulators.values():
            self._open.enter_context(one)
        self._describe()
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def _describe(self) -> None:
        """Write sources.yml with the addresses there are now, and secrets where it says."""
        yaml = YAML()
        described = yaml.load(_SOURCES.read_text(encoding="utf-8"))
        for entry in described["sources"]:
            name = entry["name"]
            for key, path in (("instance_url", ""), ("base_url", ""), ("endpoint", "/xAPI")):
                if key in entry:
                    entry[key] = self.simulators[name].url + path
            entry["secrets"] = {
                secret: {"file": str(self._secret(f"{name}_{secret}", value))}
                for secret, value in self._secrets[name].items()
            }
        with self.sources.open("w", encoding="utf-8") as handle:
            yaml.dump(described, handle)

    def _secret(self, name: str, value: str) -> Path:
        path = self._folder / "secrets" / name
        path.parent.mkdir(mode=0o700, exist_ok=True)
        path.write_text(value, encoding="utf-8")
        return path.absolute()


def _write_files(folder: Path, tables: Tables, older_days: list[list[str]]) -> None:
    """What comes as files; what another company left in the folder goes."""
    files = Tables()
    files.rows |= {name: rows for name, rows in tables.rows.items() if name not in _IN_SYSTEMS}
    files.rows["ad_daily"] = older_days
    for path in folder.glob("*.csv"):
        path.unlink()
    files.write(folder, skip_empty=True)


def _secrets_of(keys: Mapping[str, str], database: Path) -> dict[str, dict[str, str]]:
    return {
        "salesforce": {"client_id": "simulated-client", "client_secret": keys["salesforce"]},
        "erp": {"url": f"sqlite:///{database.absolute()}"},
        "ocean_engine": {
            "app_id": "simulated-app",
            "app_secret": "simulated-app-secret",
            "refresh_token": keys["ocean_engine"],
        },
        "tencent_ads": {
            "client_id": "simulated-client",
            "client_secret": "simulated-client-secret",
            "refresh_token": keys["tencent_ads"],
        },
        "learning": {"username": "simulated-key", "password": keys["learning"]},
    }


def run_beside(systems: CompanySystems, command: Sequence[str]) -> int:
    """Run a command while the systems stand; what ends this process ends the command.

    Args:
        systems: Open ones.
        command: The command; none: wait until this process is ended.

    Returns:
        Its exit status.
    """
    if not command:
        with suppress(KeyboardInterrupt), _handled(_interrupted):
            threading.Event().wait()
        return 0
    environment = os.environ | {SOURCES_VARIABLE: str(systems.sources.absolute())}
    received: list[int] = []
    started: list[subprocess.Popen[Any]] = []

    def pass_on(number: int, _frame: Any) -> None:
        received.append(number)
        for process in started:
            process.send_signal(number)

    # Handlers stand before the command is started: it then begins with the system's, whatever this process inherited
    # (a shell's background job ignores Ctrl-C, and what Dagster starts from there SIGTERM too).
    with _handled(pass_on):
        process = subprocess.Popen(list(command), env=environment)
        started.append(process)
        for number in received[:1]:
            process.send_signal(number)
        status = _status_of(process)
    return 128 - status if status < 0 else status


def _status_of(process: subprocess.Popen[Any]) -> int:
    """Wait for a process in steps: a signal just before an endless wait would be looked at only behind it."""
    while True:
        with suppress(subprocess.TimeoutExpired):
            return process.wait(0.5)


def _interrupted(_number: int, _frame: Any) -> None:
    raise KeyboardInterrupt


@contextmanager
def _handled(handler: Callable[[int, Any], None]) -> Iterator[None]:
    """SIGINT and SIGTERM go to a handler."""
    before = {one: signal.signal(one, handler) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for one, former in before.items():
            signal.signal(one, former)
