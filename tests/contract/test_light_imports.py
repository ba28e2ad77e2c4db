"""Importing asks for nothing: no secret, no file of the project's, no network."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EVERY_MODULE = """
import importlib, pkgutil, sys
from pathlib import Path

root = Path(sys.argv[1])

def refuse(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo"):
        raise RuntimeError(f"network: {arguments}")
    if event == "open" and isinstance(arguments[0], str):
        path, mode = Path(arguments[0]), arguments[1] or "r"
        inside = path.is_absolute() and path.is_relative_to(root) and not path.is_relative_to(root / ".venv")
        if inside and path.suffix != ".py" and "__pycache__" not in path.parts:
            raise RuntimeError(f"file: {path} ({mode})")

# what the libraries do at their own first import is not ours to judge
import dagster, dagster_dbt, duckdb, great_expectations, pyarrow, typer, rich.console
sys.addaudithook(refuse)
for package in ("compensation", "connectors", "expectations", "serving", "demo", "orchestration", "incentives"):
    importlib.import_module(package)
    for module in pkgutil.walk_packages([str(root / package)], f"{package}."):
        if module.name not in ("orchestration.definitions",) and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
print("DONE")
"""


def _python(code: str, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run code with an environment that holds no variable of the project and no secret."""
    bare = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", code, *words], cwd=cwd, env=bare, capture_output=True, text=True, check=False
    )


def test_every_module_can_be_imported_without_secret_file_or_network(tmp_path: Path) -> None:
    done = _python(EVERY_MODULE, str(ROOT), cwd=tmp_path)
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.endswith("DONE\n")
    assert list(tmp_path.iterdir()) == []
