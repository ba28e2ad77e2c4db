"""Login to Salesforce by a signed token: the signature, the user and the audience count, and the key shows nowhere."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from connectors.sources.checking import check
from tests.support.extracted import Home, write_sources
from tests.support.systems import PAGE, Salesforce

ONLY = {"only": ["opportunities"]}


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _pem(key: rsa.RSAPrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@pytest.fixture
def crm(tmp_path: Path, key: rsa.RSAPrivateKey) -> Iterator[Salesforce]:
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    with Salesforce(tmp_path) as made:
        made.simulator.public_key = public
        for number in range(PAGE + 1):
            made.put(number, "10.00", second=number)
        yield made


def _home(crm: Salesforce, pem: str, **others: Any) -> Home:
    secrets = {
        "client_id": crm.secret("client_id", "simulated-client"),
        "private_key": crm.secret("key", pem),
    }
    entry = crm.entry() | {"secrets": secrets, "username": "pay@example.com"} | others
    write_sources(crm.folder / "sources.yml", {"name": "crm", "type": "salesforce"} | entry)
    return Home(crm.folder)


def test_a_signed_token_is_taken_and_says_who_speaks_for_whom(
    crm: Salesforce, key: rsa.RSAPrivateKey
) -> None:
    home = _home(crm, _pem(key))
    assert home.extract(**ONLY).failures == []
    assert len(home.truth("raw_salesforce.opportunities")) == PAGE + 1
    (asked,) = [one for one in crm.simulator.asked if one.path.endswith("/token")]
    claims = json.loads(base64.urlsafe_b64decode(asked.form["assertion"].split(".")[1] + "=="))
    assert (claims["iss"], claims["sub"], claims["aud"]) == (
        "simulated-client",
        "pay@example.com",
        "https://login.salesforce.com",
    )


def test_a_token_that_ended_is_asked_for_again(crm: Salesforce, key: rsa.RSAPrivateKey) -> None:
    done: list[bool] = []

    def end(asked: Any, answer: Any) -> Any:
        if done or not asked.path.endswith(f"-{PAGE}"):
            return answer
        done.append(True)
        crm.simulator.tokens.clear()
        return crm.simulator.answer(asked)

    crm.simulator.fault = end
    assert _home(crm, _pem(key)).extract(**ONLY).failures == []
    assert len([one for one in crm.simulator.asked if one.path.endswith("/token")]) == 2


WRONG = {
    "the key of somebody else": ("other", {}, "the login was refused (invalid_grant: invalid assertion)"),
    "another audience": (
        "own",
        {"audience": "https://test.salesforce.com"},
        "the login was refused (invalid_grant: audience is invalid)",
    ),
    "no key at all": ("none", {}, "the secret private_key is no RSA key in PEM"),
}


@pytest.mark.parametrize(("whose", "others", "sentence"), WRONG.values(), ids=WRONG.keys())
def test_what_is_refused_is_one_sentence_without_the_key(
    crm: Salesforce, key: rsa.RSAPrivateKey, whose: str, others: dict[str, Any], sentence: str
) -> None:
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = {"own": _pem(key), "other": _pem(other), "none": "-----BEGIN nonsense-----\nabcdefgh\n"}[whose]
    home = _home(crm, pem, **others)
    found = check(home.instances()[0])
    assert all(sentence in one.sentence for one in found), found[0].sentence
    (failure,) = home.extract(**ONLY).failures
    assert sentence in failure
    assert not any(line in failure for line in pem.splitlines() if len(line) > 20)
