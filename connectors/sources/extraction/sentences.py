"""The error boundary of extraction: whatever was raised becomes one sentence without secrets.

Belongs here: that. Does not belong here: the words of one vendor.
"""

from __future__ import annotations

import requests

from connectors.sources.configuration.secret_values import Secrets
from connectors.sources.errors import SourceFailed


def sentence_of(error: BaseException, secrets: Secrets) -> SourceFailed:
    """Any error of an extraction as one sentence without secrets; the original stays out of every log."""
    one: BaseException | None = error
    found: BaseException = error
    while one is not None:
        if isinstance(one, SourceFailed):
            found = one
            break
        found, one = one, one.__cause__
    if isinstance(found, SourceFailed):
        return type(found)(secrets.redacted(found.what), hint=secrets.redacted(found.hint))
    if isinstance(found, requests.exceptions.Timeout):
        what, hint = "the system did not answer in time", "try again; see whether the address is right"
    elif isinstance(found, requests.exceptions.SSLError):
        what, hint = (
            "the certificate of the address is not trusted",
            "check the address and the clock of this machine",
        )
    elif isinstance(found, requests.exceptions.ConnectionError | requests.exceptions.ChunkedEncodingError):
        what, hint = "the connection could not be made, or broke off", "check the address, then extract again"
    elif isinstance(found, LookupError | AttributeError | TypeError | ValueError):
        what = "the answer has another shape than expected"
        hint = f"look at what the system answers; a developer needs: {type(found).__name__}: {found}"
    else:
        what, hint = f"{type(found).__name__}: {found}", ""
    return SourceFailed(secrets.redacted(what), hint=secrets.redacted(hint))
