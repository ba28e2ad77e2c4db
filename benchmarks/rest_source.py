"""``python -m benchmarks.rest_source [--records N]``: opportunities of a simulated Salesforce into the raw layer.

Belongs here: the records, the two ways, each in a process of its own. Does not belong here: the way itself
(``connectors.salesforce``).

Beside the project's way: dlt alone (`rest_api`, Arrow into DuckDB), which neither compares versions, keeps them, nor
notices a repetition. `own_share` is the part of the time spent in functions of this repository, measured by cProfile in a
run of its own: what libraries do when they are called is theirs. The profiler makes Python look slower than it is.
"""

from __future__ import annotations

import cProfile
import json
import multiprocessing
import os
import pstats
import resource
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

ROOT = Path(__file__).resolve().parents[1]
_FIELDS = "Id Name AccountId OwnerId Amount CloseDate StageName IsWon IsClosed Type LeadSource CreatedDate"
_NAMES = ("User", "Account", "Lead", "OpportunityFieldHistory", "OpportunityHistory", "Task", "Event")


def _records(count: int) -> dict[str, list[dict[str, Any]]]:
    rows: list[dict[str, Any]] = [
        {
            "Id": f"006{number:012d}",
            "Name": f"Deal {number}",
            "AccountId": f"001{number % 5000:012d}",
            "OwnerId": f"005{number % 300:012d}",
            "Amount": number % 100_000 + 0.25,
            "CloseDate": f"2026-{number % 12 + 1:02d}-01",
            "StageName": "Closed Won",
            "IsWon": True,
            "IsClosed": True,
            "Type": None if number % 3 else "New",
            "LeadSource": "Web",
            "CreatedDate": "2026-01-01T00:00:00.000+0000",
            "SystemModstamp": f"2026-01-01T{number // 3600 % 24:02d}:{number // 60 % 60:02d}:{number % 60:02d}.000+0000",
            "IsDeleted": False,
        }
        for number in range(count)
    ]
    return {"Opportunity": rows} | {name: [] for name in _NAMES}


def _serve(count: int, connection: Any) -> None:
    from demo.simulators.salesforce import SalesforceSimulator

    with SalesforceSimulator(_records(count)) as simulator:
        connection.send(simulator.url)
        connection.recv()


def project(url: str, folder: Path) -> float:
    """Seconds of the project's extraction."""
    from connectors.sources.configuration.loading import load_sources
    from connectors.sources.extraction.run import extract

    for name in ("client", "secret"):
        (folder / name).write_text(f"simulated-{name}", encoding="utf-8")
    (folder / "sources.yml").write_text(
        f"sources:\n  - name: crm\n    type: salesforce\n    instance_url: {url}\n    secrets:\n"
        f"      client_id: {{file: {folder / 'client'}}}\n      client_secret: {{file: {folder / 'secret'}}}\n",
        encoding="utf-8",
    )
    (instance,) = load_sources(folder / "sources.yml")
    began = time.perf_counter()
    report = extract(instance, folder / "warehouse.duckdb", dlt_dir=folder / "dlt", only=["opportunities"])
    assert report.failures == [], report.failures
    return time.perf_counter() - began


def dlt_alone(url: str, folder: Path) -> float:
    """Seconds of dlt's own way."""
    import dlt
    from dlt.sources.helpers.rest_client.auth import OAuth2ClientCredentials
    from dlt.sources.rest_api import rest_api_resources

    auth = OAuth2ClientCredentials(
        access_token_url=f"{url}/services/oauth2/token",
        client_id="simulated-client",
        client_secret="simulated-secret",
    )
    endpoint = {
        "path": "/services/data/v63.0/queryAll/",
        "params": {"q": f"SELECT {', '.join(_FIELDS.split())} FROM Opportunity ORDER BY SystemModstamp, Id"},
        "data_selector": "records",
        "paginator": {"type": "json_link", "next_url_path": "nextRecordsUrl"},
    }
    config: Any = {
        "client": {"base_url": url, "auth": auth},
        "resources": [{"name": "opportunities", "endpoint": endpoint}],
    }
    began = time.perf_counter()
    pipeline = dlt.pipeline(
        "bench",
        pipelines_dir=str(folder / "dlt"),
        destination=dlt.destinations.duckdb(str(folder / "dlt.duckdb")),
        dataset_name="raw",
    )
    pipeline.run(rest_api_resources(config))
    return time.perf_counter() - began


WAYS = {"project": project, "dlt": dlt_alone}


def own_share(profile: cProfile.Profile) -> float:
    """The part of the profiled time that was spent in functions of this repository."""
    stats: dict[tuple[str, int, str], tuple[int, int, float, float, Any]] = vars(pstats.Stats(profile))[
        "stats"
    ]
    own = sum(found[2] for (file, _, _), found in stats.items() if file.startswith(f"{ROOT}/connectors/"))
    return own / sum(found[2] for found in stats.values())


def _measured(way: str, url: str, *, is_profiled: bool) -> dict[str, float]:
    for module in ("connectors.salesforce.source", "connectors.sources.extraction.run"):
        import_module(module)  # imports are no part of the extraction
    with tempfile.TemporaryDirectory() as folder:
        if is_profiled:
            profile = cProfile.Profile()
            profile.runcall(WAYS[way], url, Path(folder))
            return {"own_share": round(own_share(profile), 3)}
        seconds = WAYS[way](url, Path(folder))
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = round(used.ru_utime + used.ru_stime, 1)
    return {"seconds": round(seconds, 1), "cpu_seconds": cpu, "peak_mib": used.ru_maxrss // 1024}


def main(
    records: Annotated[int, typer.Option(help="Records.")] = 100_000,
    way: Annotated[str | None, typer.Option(help="Only this one, in this process.")] = None,
    url: Annotated[str | None, typer.Option(help="Of a simulator that stands.")] = None,
    profile: Annotated[bool, typer.Option("--profile", help="Say the share of the own code only.")] = False,
) -> None:
    """Measure the ways, one after the other."""
    if way is not None and url is not None:
        print(json.dumps(_measured(way, url, is_profiled=profile)))
        return
    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=_serve, args=(records, there), daemon=True)
    server.start()
    address = here.recv()
    figures: dict[str, Any] = {"records": records, "load_before": os.getloadavg()[0]}
    for name, *options in (("project",), ("project", "--profile"), ("dlt",)):
        command = [sys.executable, "-m", "benchmarks.rest_source", "--way", name, "--url", address, *options]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        found = json.loads(done.stdout.splitlines()[-1])
        figures[name] = {**figures.get(name, {}), **found}
    here.send(None)
    server.join()
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    typer.run(main)
