"""sources.yml: every mistake is told with file, line, key and what is allowed; secrets have no place in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.common.problems import ImportProblem
from connectors.sources.configuration.loading import load_sources
from connectors.sources.configuration.secret_values import SecretRef, Secrets, resolve
from connectors.sources.errors import SourceProblem

GOOD = """\
sources:
  - name: crm
    type: salesforce
    instance_url: https://acme.my.salesforce.com
    start_date: 2026-01-01
    secrets:
      client_id: {env: SF_ID}
      client_secret: {file: /run/secrets/sf}
    mapping:
      deals:
        columns:
          owner_employee_id: Marketer__c
          deal_kind:
      leads:
"""


def _written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "sources.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_file_gives_an_instance_with_the_mapping_of_its_type_changed(tmp_path: Path) -> None:
    (crm,) = load_sources(_written(tmp_path, GOOD))
    rules = {rule.template: rule for rule in crm.mapping.templates}
    assert rules["deals"].columns["owner_employee_id"].column == "Marketer__c"
    assert "deal_kind" not in rules["deals"].columns
    assert rules["deals"].columns["deal_id"].column == "Id"
    assert rules["deals"].columns["currency"].constant == "CNY"
    assert rules["source_users"].columns["source"].constant == "crm"
    assert "leads" not in rules
    opportunities = next(one for one in crm.resources if one.name == "opportunities")
    assert "Marketer__c" in crm.fields_of(opportunities)
    assert (
        crm.type.record_address(crm.connection, "opportunities", "006A")
        == "https://acme.my.salesforce.com/006A"
    )


def test_without_a_file_nothing_is_connected(tmp_path: Path) -> None:
    assert load_sources(tmp_path / "sources.yml") == []


TWICE = """\
  - name: crm
    type: sql
    secrets: {url: {env: U}}
    resources: {a: {table: a, key: id}}
    mapping: {activities/a: {columns: {activity_id: id, customer_id: c, employee_id: e, kind: k, started_at: s}}}
"""
WRONG = {
    "an unknown key": ("start_date: 2026", "start_dat: 2026", 5, "unknown key", "did you mean 'start_date'?"),
    "an unknown type": ("type: salesforce", "type: salesfroce", 3, "no type 'salesfroce'", "mean 'salesforce'?"),
    "no type": ("    type: salesforce\n", "", 2, "the key 'type' is missing", "salesforce, hubspot"),
    "a bad name": ("name: crm", "name: My CRM", 2, "'My CRM' is no name", "small letters"),
    "a name that is taken": ("name: crm", "name: files", 2, "is taken", "choose another"),
    "a value as a secret": ("{env: SF_ID}", "3MVG9sEcReT", 7, "has no place in this file", "{env: NAME}"),
    "a secret nowhere": ("{env: SF_ID}", "{}", 7, "say where the secret is", "{env: NAME}"),
    "an unknown secret": ("client_secret:", "client_secrets:", 8, "unknown key", "did you mean 'client_secret'?"),
    "a missing secret": ("      client_id: {env: SF_ID}\n", "", 6, "not named: client_id", "{env: NAME}"),
    "a missing choice of secrets": (
        "      client_secret: {file: /run/secrets/sf}\n",
        "",
        2,
        "one of the secrets client_secret and private_key",
        "sources types",
    ),
    "no day": ("start_date: 2026-01-01", "start_date: soon", 5, "'soon' is no day", "2026-01-31"),
    "no address": ("https://acme.my.salesforce.com", "acme", 4, "String should match pattern", "sources types"),
    "an unknown template": ("      leads:\n", "      leeds: {}\n", 14, "no template 'leeds'", "mean 'leads'?"),
    "an unknown column": ("deal_kind:", "deal_kinds: Type", 13, "has no column 'deal_kinds'", "mean 'deal_kind'?"),
    "an unknown step": ("Marketer__c", "{column: Marketer__c, prefx: x}", 12, "unknown key", "did you mean 'prefix'?"),
    "an unknown word": ("Marketer__c", "{constant: '@currrency'}", 12, "nothing is known as", "mean 'currency'?"),
    "a name twice": ("      leads:\n", TWICE, 14, "used twice", "its own"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "what", "hint"), WRONG.values(), ids=WRONG.keys())
def test_a_mistake_is_told_with_its_place(
    tmp_path: Path, old: str, new: str, line: int, what: str, hint: str
) -> None:
    assert old in GOOD
    path = _written(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(ImportProblem) as caught:
        load_sources(path)
    assert caught.value.where.startswith(f"{path}:{line}"), caught.value.where
    assert what in caught.value.what
    assert hint in caught.value.hint
    assert caught.value.exit_code == 2
    assert "sEcReT" not in str(caught.value)


def test_missing_secrets_are_named_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SF_ID", raising=False)
    references = {
        "client_id": SecretRef(env="SF_ID"),
        "client_secret": SecretRef(file=str(tmp_path / "none")),
    }
    with pytest.raises(
        SourceProblem, match=r"client_id: .* SF_ID is not set; client_secret: the file .*none"
    ):
        resolve("crm", references, "sources.yml")


@pytest.mark.parametrize(
    "text",
    [
        "login of hunter22/&x failed",
        "GET /?password=hunter22%2F%26x HTTP/1.1",
        "Authorization: Basic aHVudGVyMjIvJng=",
        "could not connect to postgresql://me:pa55word@erp/db",
        "password authentication failed: pa55word",
    ],
)
def test_no_text_shows_a_secret(text: str) -> None:
    secrets = Secrets({"password": "hunter22/&x", "url": "postgresql://me:pa55word@erp/db"})
    shown = secrets.redacted(text)
    assert "[secret]" in shown
    assert not any(word in shown for word in ("hunter22", "pa55word", "aHVudGVy"))
    assert "hunter22" not in repr(secrets)
