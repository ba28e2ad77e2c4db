"""The Python of the dbt models stands outside of the packages: it is put on the path for its tests."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "dbt_project" / "python"))
