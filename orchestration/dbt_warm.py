"""dbt loaded ahead of time, in a process that waits for its one command.

Belongs here: the waiting process, and handing a command line over to it.
Does not belong here: which command that is (``calculation``), the program both sides run as (``dbt_child``).

dbt takes seven seconds of one core to import itself and to read the parsed project (1.11, 2026-11), while a run is
landing its files on the other. The waiting process listens on a local socket; ``incentives-dbt`` finds it by
``INCENTIVES_DBT_SOCKET`` and hands over its arguments, environment, folder and output. When nobody listens, the
command runs as it would have without.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SOCKET = "INCENTIVES_DBT_SOCKET"
SERVE = "--wait-for-command"
_OUTPUTS = (1, 2)
#: Addresses of sockets end after 104 bytes on some systems.
_LONGEST_FOLDER = 70


@contextmanager
def warmed_dbt(program: str, arguments: Sequence[str], environment: Mapping[str, str]) -> Iterator[None]:
    """Start a waiting dbt and end it with the block; children started inside find it by their environment.

    Where the folder for temporary files has too long a name for a socket, nobody waits.

    Args:
        program: The program ``incentives-dbt``.
        arguments: Of ``dbt parse``, run once while waiting; the same as of the command to come.
        environment: Of that parse.
    """
    if len(os.fsencode(tempfile.gettempdir())) > _LONGEST_FOLDER:
        yield
        return
    folder = Path(tempfile.mkdtemp(prefix="incentives-dbt-"))
    address = str(folder / "s")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen(1)
        waiting = subprocess.Popen(
            [program, SERVE, str(listener.fileno()), *arguments],
            env=environment,
            pass_fds=[listener.fileno()],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    os.environ[SOCKET] = address
    try:
        yield
    finally:
        del os.environ[SOCKET]
        waiting.kill()  # it holds nothing by now; a parent that ignores SIGTERM hands that on
        waiting.wait()
        shutil.rmtree(folder, ignore_errors=True)


def hand_over(address: str, arguments: Sequence[str]) -> int | None:
    """Let the waiting dbt run a command with this process's environment, folder and output.

    Returns:
        dbt's exit status; None when nobody took the command.
    """
    request = {"arguments": list(arguments), "environment": dict(os.environ), "folder": str(Path.cwd())}
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect(address)
            socket.send_fds(connection, [b"."], _OUTPUTS)
            connection.sendall(json.dumps(request).encode() + b"\n")
            taken = connection.recv(1)
        except OSError:
            return None
        if not taken:
            return None
        status = connection.recv(1)
    return status[0] if status else 2


def wait_for_command(descriptor: int, parse_arguments: Sequence[str]) -> int:
    """Load dbt and the project, then run the one command that comes.

    Args:
        descriptor: Of a listening socket.
        parse_arguments: Of ``dbt parse``.

    Returns:
        The exit status of the command.
    """
    with socket.socket(fileno=descriptor) as listener:
        from dbt.cli.main import dbtRunner

        project = dbtRunner().invoke(["--quiet", "--no-write-json", "parse", *parse_arguments]).result
        connection, _ = listener.accept()
    with connection:
        _, outputs, _, _ = socket.recv_fds(connection, 1, len(_OUTPUTS))
        lines = connection.makefile("r", encoding="utf-8")
        request = json.loads(lines.readline())
        connection.sendall(b".")
        threading.Thread(target=_leave_with, args=(lines,), daemon=True).start()
        for given, own in zip(outputs, _OUTPUTS, strict=True):
            os.dup2(given, own)
        status = _run(project, request)
        connection.sendall(bytes([status]))
    return status


def _run(project: Any, request: dict[str, Any]) -> int:
    from dbt.cli.main import dbtRunner

    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["folder"])
    result = dbtRunner(manifest=project).invoke(request["arguments"])
    _close_warehouse()
    if result.exception is not None:
        sys.stdout.write(f"{result.exception}\n")
    sys.stdout.flush()
    return 0 if result.success else 1 if result.exception is None else 2


def _close_warehouse() -> None:
    """Close DuckDB before the answer is sent.

    Whoever gets the answer ends this process at once, and what dbt wrote would stay in the write-ahead log: a copy of
    the warehouse alone would lack it.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    environment: Any = DuckDBConnectionManager._ENV
    if environment is not None:
        environment.close()


def _leave_with(lines: Any) -> None:
    """End this process when the one that handed the command over is gone."""
    lines.read()
    os._exit(1)
