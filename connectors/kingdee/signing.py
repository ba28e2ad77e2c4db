"""The signature of K3Cloud's WebAPI, as its SDK makes it: each request for itself, no login.

Belongs here: that. Does not belong here: queries (`source`).
"""

from __future__ import annotations

import base64
import codecs
import hashlib
import hmac
import secrets as random
import time
from urllib.parse import quote, urlsplit

import requests
from dlt.sources.helpers.rest_client.auth import AuthConfigBase

# what the key inside an id of an application is masked with, the same for all
_MASK = codecs.encode("0054s397p6234378o09pn7q3r5qropr7", "rot13").encode()
_SESSION = "kdservice-sessionid"


class Signed(AuthConfigBase):
    """Signs a request at the moment it is asked to; a signature holds for one moment.

    Args:
        app_id: Id of the application.
        app_secret: Secret of the application.
        data: Account set, user, language and organisation.
        session: Whose cookies hold the session of the server.

    Attributes:
        key: The key inside the id.
    """

    def __init__(self, app_id: str, app_secret: str, data: str, session: requests.Session) -> None:
        super().__init__()
        self.app_id, self.app_secret, self.data, self.session = app_id, app_secret, data, session
        self.client, _, masked = app_id.partition("_")
        self.key = _unmasked(masked)

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """The request with the headers of its signature."""
        now, nonce = str(int(time.time())), random.token_hex(8)
        path = quote(urlsplit(str(request.url)).path).replace("/", "%2F")
        text = f"POST\n{path}\n\nx-api-nonce:{nonce}\nx-api-timestamp:{now}\n"
        request.headers.update(
            {
                "X-Api-ClientID": self.client,
                "X-Api-Auth-Version": "2.0",
                "x-api-timestamp": now,
                "x-api-nonce": nonce,
                "x-api-signheaders": "x-api-timestamp,x-api-nonce",
                "X-Api-Signature": _signature(text, self.key),
                "X-Kd-Appkey": self.app_id,
                "X-Kd-Appdata": base64.b64encode(self.data.encode()).decode(),
                "X-Kd-Signature": _signature(self.app_id + self.data, self.app_secret),
            }
        )
        session = self.session.cookies.get(_SESSION)
        if session is None:
            request.headers.pop(_SESSION, None)
            request.headers.pop("Cookie", None)
        else:
            request.headers[_SESSION] = session
        return request


def _unmasked(masked: str) -> str:
    """The key inside an id of an application; empty where there is none."""
    try:
        held = base64.b64decode(masked, validate=True)
    except ValueError:
        return ""
    if len(masked) != 32:
        return ""
    return base64.b64encode(bytes(one ^ other for one, other in zip(held, _MASK, strict=False))).decode()


def _signature(text: str, key: str) -> str:
    """HMAC-SHA256 in hexadecimal digits, and these in base64."""
    return base64.b64encode(
        hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest().encode()
    ).decode()
