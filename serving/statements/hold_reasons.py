"""Texts on the status and reason of a payout line: what it means and what would release it."""

from dataclasses import dataclass

from serving.catalogue import Language, text, texts

_WITHOUT_DECISION = frozenset({"process", "row_in_quarantine", "unresolved"})


@dataclass(frozen=True, slots=True)
class Hold:
    """One reason why a line is held or gone, and what would release it."""

    reason: str
    meaning: str
    release: str


def holds(reasons: str, language: Language, **ids: str) -> tuple[Hold, ...]:
    """The reasons of a held, released or forfeited line, in words.

    Args:
        reasons: Reasons joined by `;`.
        language: Of the texts.
        **ids: line_id, deal_id, change_id.
    """
    return tuple(_hold(name, language, ids) for name in reasons.split(";") if name)


def _hold(reason: str, language: Language, ids: dict[str, str]) -> Hold:
    if f"hold.{reason}.meaning" not in texts(language):
        return Hold(reason, remark(reason, language) or reason, "")
    parts = [text(f"hold.{reason}.release", language, **ids)]
    if reason not in _WITHOUT_DECISION:
        parts.append(text("hold.decision", language, **ids))
    meaning = text(f"hold.{reason}.meaning", language, **ids)
    return Hold(reason, meaning, text("plan.joined", language).join(part for part in parts if part))


def remark(reason: str, language: Language) -> str | None:
    """The text on a line that is not held; None when its reason is free text."""
    return texts(language).get(f"remark.{reason}")
