"""The README shows what the code has, and the package stays light to import."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from connectors.files import REASONS, TEMPLATES
from connectors.files.mapping import load_mapping

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


def test_the_mapping_of_the_readme_loads(tmp_path: Path):
    complete, shares = re.findall(r"```yaml\n(.*?)```", README, flags=re.DOTALL)
    path = tmp_path / "mapping.yml"
    path.write_text(complete + shares, encoding="utf-8")
    mapping, _ = load_mapping(path)
    assert [rule.template for rule in mapping.templates] == ["deals", "deal_splits", "deal_splits"]


@pytest.mark.parametrize("words", re.findall(r"`(\{[^`]*\})`", README))
def test_the_words_for_numbers_of_the_readme_load(tmp_path: Path, words: str):
    path = tmp_path / "mapping.yml"
    path.write_text(
        "mapping: m\nsources: {s: {file: a.csv}}\ntemplates:\n  - template: deal_splits\n    from: s\n    columns:"
        f" {{deal_id: a, pool: b, employee_id: c, share: {{column: d, number: {words}}}}}\n",
        encoding="utf-8",
    )
    assert load_mapping(path)[0].templates[0].columns["share"].number is not None


def test_importing_the_package_loads_no_engine():
    heavy = "{'dlt', 'duckdb', 'pyarrow', 'pandas', 'openpyxl', 'xlsxwriter', 'pydantic', 'ruamel.yaml'}"
    code = f"import sys, connectors.files; print(sorted({heavy} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert found.stdout.strip() == "[]"
