"""A warehouse that another program has open: the error sends readers to the snapshot."""

import subprocess
import sys
from pathlib import Path

import pytest

from connectors.common.errors import UserError
from connectors.common.warehouse import ensure_warehouse, open_warehouse

HOLD = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"


def test_a_warehouse_that_somebody_has_open_sends_readers_to_the_snapshot(tmp_path: Path) -> None:
    warehouse = tmp_path / "warehouse.duckdb"
    ensure_warehouse(warehouse)
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(warehouse)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(UserError, match="cannot be opened") as raised, open_warehouse(warehouse):
            pass
        holder.communicate()
    assert "published/incentives.duckdb" in raised.value.hint
