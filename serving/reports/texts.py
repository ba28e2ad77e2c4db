"""Texts of the reports in one language, as templates and charts ask for them."""

from serving.catalogue import heading, text, texts

_LOWER = frozenset({"stage", "reason", "explain", "finding", "signal", "unit"})
"""Domains whose English names stand inside a line."""


class Texts:
    """The texts of one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, key: str, **values: object) -> str:
        """A text of the catalogue: the key with its domain, or a key of the domain `report`.

        Raises:
            KeyError: The catalogue has no such text.
        """
        known = key if key in texts(self.language) else f"report.{key}"
        return text(known, self.language, **values)

    def name(self, domain: str, key: str | None) -> str:
        """The name of a value of the marts; one that the catalogue lacks is made readable."""
        if not key:
            return ""
        found = texts(self.language).get(f"{domain}.{key}", key.replace("_", " "))
        return found if domain in _LOWER else heading(found)

    def evidence(self, evidence: str | None) -> str:
        """The evidence of a signal (`measure month actual/target; …`) with the name of its measure."""
        measure, _, months = (evidence or "").partition(" ")
        return f"{self.name('measure', measure)}: {months}" if months else self.name("measure", measure)

    def names(self, domain: str, keys: str | None) -> str:
        """Several names, joined by `;` in the marts."""
        return self("list").join(self.name(domain, key) for key in (keys or "").split(";") if key)
