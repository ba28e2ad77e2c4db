"""Single settings of a plan changed on the command line: ``components.closing.rates.marketing=0.03``.

Belongs here: finding the place a path names in the YAML of a plan, and writing the value there. Does not belong
here: whether the plan may say so (``compensation`` checks the changed file like any other).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from orchestration.errors import InputError

_NAMES = ("kpi", "grade", "measure")


def change_settings(plan: Path, settings: Sequence[str], folder: Path) -> Path:
    """Write a copy of a plan file with some settings changed; layout and comments stay, so lines of errors fit.

    Args:
        plan: The plan file.
        settings: ``PATH=VALUE`` each; keys are joined by dots, items of a list named by their id, kpi, grade,
            measure, or their place from 0 on; the value is YAML.
        folder: Where the copy goes, under the same name.

    Raises:
        InputError: A setting is written wrong or names no place in the plan.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096
    try:
        document = yaml.load(plan.read_text(encoding="utf-8-sig"))
    except (YAMLError, UnicodeDecodeError) as error:
        raise InputError(f"{plan} is not valid YAML: {error}") from None
    if not isinstance(document, dict):
        raise InputError(f"{plan} is no plan: it must be a mapping of keys to values.")
    for setting in settings:
        path, value = _read(setting)
        _write(document, path, value, setting)
    copy = folder / plan.name
    folder.mkdir(parents=True, exist_ok=True)
    with copy.open("w", encoding="utf-8") as file:
        yaml.dump(document, file)
    return copy


def _read(setting: str) -> tuple[list[str], Any]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    path, sign, text = setting.partition("=")
    keys = [key.strip() for key in path.split(".")]
    if not sign or not all(keys):
        raise InputError(
            f"--set {setting!r}: write PATH=VALUE, such as components.closing.rates.marketing=0.03"
        )
    try:
        return keys, YAML().load(text)
    except YAMLError as error:
        raise InputError(f"--set {setting!r}: the value {text!r} is not valid YAML: {error}") from None


def _write(document: Any, path: list[str], value: Any, setting: str) -> None:
    place = document
    for depth, key in enumerate(path[:-1]):
        place = _child(place, key, path[:depth], setting)
    last = path[-1]
    if isinstance(place, list):
        place[_index(place, last, path[:-1], setting)] = value
    elif isinstance(place, dict):
        place[last] = value
    else:
        raise InputError(f"--set {setting!r}: {'.'.join(path[:-1])} is a single value and holds no {last!r}")


def _child(place: Any, key: str, above: list[str], setting: str) -> Any:
    """The value under a key; a section the plan leaves to its defaults is begun."""
    if isinstance(place, list):
        return place[_index(place, key, above, setting)]
    if not isinstance(place, dict):
        raise InputError(f"--set {setting!r}: {'.'.join(above)} is a single value and holds no {key!r}")
    if place.get(key) is None:
        place[key] = {}
    return place[key]


def _index(items: list[Any], key: str, above: list[str], setting: str) -> int:
    """The place of a list item that a key names."""
    names = [_name(item) for item in items]
    if key in names:
        return names.index(key)
    if key.isdecimal() and int(key) < len(items):
        return int(key)
    known = ", ".join(name for name in names if name) or f"0 to {len(items) - 1}"
    raise InputError(f"--set {setting!r}: {'.'.join(above)} has no {key!r}; there are {known}")


def _name(item: Any) -> str:
    """What an item of a list is called: a component by its id (else pool or type), others by their own name."""
    if not isinstance(item, dict):
        return str(item)
    if "type" in item:
        return str(item.get("id") or (item.get("pool") if item["type"] == "commission" else item["type"]))
    return next((str(item[key]) for key in _NAMES if key in item), "")
