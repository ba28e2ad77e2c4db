"""The README shows what the code has, and the package stays light to import."""

import subprocess
import sys
from pathlib import Path

from connectors.files import REASONS, TEMPLATES

ROOT = Path(__file__).parents[4]
README = (ROOT / "connectors" / "files" / "README.md").read_text(encoding="utf-8")


def test_every_template_is_listed():
    for template in TEMPLATES.values():
        about = template.about.removeprefix("one row per ")
        row = f"| `{template.entity}` | {template.zh} | {', '.join(template.key)} | {about} |"
        assert row in README


def test_every_reason_is_explained():
    for reason, meaning in REASONS.items():
        assert f"| `{reason}` | {meaning} |" in README


def test_importing_the_package_loads_no_engine():
    heavy = "{'dlt', 'duckdb', 'pyarrow', 'pandas', 'openpyxl', 'xlsxwriter', 'pydantic', 'ruamel.yaml'}"
    code = f"import sys, connectors.files; print(sorted({heavy} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert found.stdout.strip() == "[]"
