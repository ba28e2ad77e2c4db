"""Channels: their addresses, options and limits, read from one setting.

The address of a channel is a secret: it is never shown and never stored; what is stored is the channel's name.
"""

import hashlib
import re
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode

from serving.catalogue import LANGUAGES
from serving.errors import ServingError

_SEPARATOR = re.compile(r"[,\n]\s*(?=(?:[\w.-]+=)?[A-Za-z][\w+.-]*://)|\n")
_NAMED = re.compile(r"^(?:(?P<name>[\w.-]+)=)?(?P<url>(?P<scheme>[A-Za-z][\w+.-]*)://.+)$", re.DOTALL)
_OWN_OPTIONS = ("delivery", "lang")
_DEFAULT_BYTES = 30_000


class ChannelError(ServingError):
    """The setting of the channels cannot be taken; never quotes an address."""

    exit_code = 2

    def __init__(self, number: int, message: str) -> None:
        super().__init__(
            f"channel {number} of INCENTIVES_ALERT_CHANNELS {message}",
            "Separate apprise URLs with commas or line breaks, optionally named: team=wecombot://KEY, "
            "ops=mailto://user:password@example.com?lang=en.",
        )


class Policy(StrEnum):
    """What is done with a message of which nobody knows whether it arrived."""

    AT_MOST_ONCE = "at_most_once"
    AT_LEAST_ONCE = "at_least_once"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a channel takes.

    Attributes:
        bytes: Size of a message in UTF-8.
        per_minute: Messages in any 60 seconds; None for no limit.
    """

    bytes: int = _DEFAULT_BYTES
    per_minute: int | None = None


# WeCom: 4,096 bytes of markdown and 20 messages a minute and robot; DingTalk: 20 a minute, then blocked for ten;
# Feishu: 20 KB a request, and the same pace to be on the safe side; the chat services count characters, of which
# no message has more than bytes. Known in 2026-11.
LIMITS = {
    "wecombot": Limits(4_096, 20),
    "dingtalk": Limits(18_000, 20),
    "feishu": Limits(18_000, 20),
    "lark": Limits(18_000, 20),
    "slack": Limits(3_500, 50),
    "tgram": Limits(4_000, 20),
    "discord": Limits(1_900, 25),
    "msteams": Limits(20_000, 30),
}
_MERGES_TITLE = frozenset({"wecombot", "dingtalk", "feishu", "lark", "slack", "tgram"})


@dataclass(frozen=True, slots=True)
class Channel:
    """Where messages go.

    Attributes:
        name: Given, or made of the scheme and a hash of the address; under it the state is kept.
        url: The apprise URL without the options that are ours.
        scheme: Kind of channel, such as wecombot.
        policy: `?delivery=at_least_once` for receivers that know a message again by its idempotency key.
        language: `?lang=`; None for the language of the setting.
    """

    name: str
    url: str = field(repr=False)
    scheme: str = ""
    policy: Policy = Policy.AT_MOST_ONCE
    language: str | None = None

    @property
    def limits(self) -> Limits:
        """What it takes."""
        return LIMITS.get(self.scheme, Limits())

    @property
    def merges_title(self) -> bool:
        """Whether the title is to stand in the text, for it has no place of its own."""
        return self.scheme in _MERGES_TITLE


def parse_channels(text: str) -> tuple[Channel, ...]:
    """Read the setting `INCENTIVES_ALERT_CHANNELS`.

    Args:
        text: apprise URLs separated by commas or line breaks, each optionally `name=url`; our own options stand in
            the query: `delivery=at_most_once|at_least_once`, `lang=zh|en`.

    Raises:
        ChannelError: an entry is no URL, an option has an unknown value, or two channels have one name.
    """
    parts = [part.strip().rstrip(",") for part in _SEPARATOR.split(text) if part]
    channels = tuple(_channel(number, part) for number, part in enumerate(filter(None, parts), start=1))
    names = [channel.name for channel in channels]
    for number, name in enumerate(names, start=1):
        if name in names[: number - 1]:
            raise ChannelError(number, f"has the name {name} a second time")
    return channels


def _channel(number: int, text: str) -> Channel:
    found = _NAMED.match(text)
    if found is None:
        raise ChannelError(number, "is no URL")
    url, options = _take_options(found["url"])
    scheme = found["scheme"].lower()
    digest = hashlib.sha256(url.encode()).hexdigest()[:6]
    language = options.get("lang")
    if language is not None and language not in LANGUAGES:
        raise ChannelError(number, f"has lang={language}; there is {' and '.join(LANGUAGES)}")
    policy = options.get("delivery", Policy.AT_MOST_ONCE)
    if policy not in set(Policy):
        raise ChannelError(number, f"has delivery={policy}; there is {' and '.join(Policy)}")
    return Channel(found["name"] or f"{scheme}-{digest}", url, scheme, Policy(policy), language)


def _take_options(url: str) -> tuple[str, dict[str, str]]:
    address, mark, query = url.partition("?")
    if not mark:
        return url, {}
    pairs = parse_qsl(query, keep_blank_values=True)
    own = {key: value for key, value in pairs if key in _OWN_OPTIONS}
    if not own:
        return url, {}
    rest = [(key, value) for key, value in pairs if key not in _OWN_OPTIONS]
    return (f"{address}?{urlencode(rest)}" if rest else address), own
