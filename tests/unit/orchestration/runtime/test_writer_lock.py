"""One writer at a time, named to whoever comes second, and gone when its process is."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.errors import InputError
from orchestration.runtime.writer_lock import is_busy, read_holder, writer_lock

HOLD = """
import sys, time
from pathlib import Path
from orchestration.runtime.writer_lock import writer_lock
with writer_lock(Path(sys.argv[1]), "holding for a test"):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    return tmp_path / "home" / "warehouse.lock"


@pytest.fixture
def holder(lock: Path) -> subprocess.Popen[str]:
    child = subprocess.Popen([sys.executable, "-c", HOLD, str(lock)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    yield child
    child.kill()
    child.wait()


def test_the_second_writer_is_told_who_writes_since_when(lock: Path, holder: subprocess.Popen[str]) -> None:
    assert is_busy(lock)
    with (
        pytest.raises(InputError, match=rf"process {holder.pid} \(holding for a test\).*since \d{{4}}-"),
        writer_lock(lock, "second"),
    ):
        pytest.fail("there were two writers")


def test_the_lock_of_a_killed_process_is_free(lock: Path, holder: subprocess.Popen[str]) -> None:
    holder.kill()
    holder.wait()
    assert not is_busy(lock)
    with writer_lock(lock, "next"):
        assert read_holder(lock) is not None
        assert read_holder(lock).pid == os.getpid()
    assert read_holder(lock) is None


def test_one_process_may_take_it_twice(lock: Path) -> None:
    with writer_lock(lock, "outer"):
        with writer_lock(lock, "inner"):
            assert read_holder(lock).doing == "outer"
        assert is_busy(lock) or read_holder(lock).doing == "outer"
        assert read_holder(lock).doing == "outer"
    assert not is_busy(lock)
