"""The translation catalogue: every text of statements, reports and alerts in Chinese and English, by key.

The texts are in `locale/<language>.po`. A key is a domain and a name (`component.closing`); `docs/glossary.md` has the
terms. English names are in lower case, `heading` makes a heading of one.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal, get_args

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
LOCALE = Path(__file__).parent / "locale"


def text(key: str, language: str, **values: object) -> str:
    """A text of the catalogue.

    Args:
        key: Domain and name.
        language: `zh` or `en`.
        **values: Values of its placeholders.

    Raises:
        KeyError: The catalogue has no such key.
    """
    return texts(language)[key].format(**values)


def name(domain: str, key: str, language: str) -> str:
    """The name of a value of a domain; one that the catalogue lacks stays as it is."""
    return texts(language).get(f"{domain}.{key}", key)


def heading(words: str) -> str:
    """A name as a heading."""
    return words[:1].upper() + words[1:]


@cache
def texts(language: str) -> Mapping[str, str]:
    """All texts of a language by key; the file is read once."""
    from babel.messages.pofile import read_po

    with (LOCALE / f"{language}.po").open(encoding="utf-8") as file:
        catalogue = read_po(file, abort_invalid=True)
    return {str(message.id): str(message.string) for message in catalogue if message.id}
