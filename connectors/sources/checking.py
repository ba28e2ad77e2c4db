"""Whether a connected system can be used: address, credentials, each permission, one sentence each.

Belongs here: the frame of these checks. Does not belong here: what a type tries (its extractor).
"""

from __future__ import annotations

from connectors.sources.configuration.secret_values import resolve
from connectors.sources.extraction.sentences import sentence_of
from connectors.sources.model import Finding, Instance


def check(instance: Instance) -> list[Finding]:
    """Try everything an extraction of an instance needs.

    Raises:
        SourceProblem: Secrets are missing.
    """
    secrets = resolve(instance.name, instance.secrets, f"secrets of {instance.name} in sources.yml")
    try:
        opened = instance.type.open(instance, secrets)
        found = list(opened.checks())
    except Exception as error:  # noqa: BLE001  whatever it is, the reader gets a sentence without secrets
        said = sentence_of(error, secrets)
        return [Finding("connection", False, said.what, said.hint)]
    return [
        Finding(one.what, one.passed, secrets.redacted(one.sentence), secrets.redacted(one.hint))
        for one in found
    ]
