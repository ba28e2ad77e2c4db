"""The columns of a payroll file: what a YAML mapping may say."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from connectors.common.yaml_document import load_yaml
from serving.errors import ServingError

Value = Literal[
    "employee_id", "name", "department", "position", "team_id", "period", "currency", "gross", "held", "adjustments",
    "true_ups", "carried_in", "net", "payable", "carried_out",
]  # fmt: skip
Component = Literal[
    "origination", "closing", "collaboration", "points", "process_bonus", "task", "growth_bonus", "team_growth",
    "contribution", "bonus_business", "bonus_management", "draw", "cap", "adjustment", "true_up",
]  # fmt: skip
SHIPPED = Path(__file__).parent / "mappings"
DEFAULT = "generic"
Text = Annotated[str, Field(min_length=1, max_length=200)]


class MappingError(ServingError):
    """The mapping of payroll columns cannot be taken."""

    exit_code = 2


class PayrollColumn(BaseModel):
    """One column: a figure or attribute of the payout, the payable sum of some components, or a fixed text."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    header: Text
    value: Value | None = None
    components: tuple[Component, ...] = ()
    text: str | None = None

    @model_validator(mode="after")
    def _one_meaning(self) -> PayrollColumn:
        if sum((self.value is not None, bool(self.components), self.text is not None)) != 1:
            raise ValueError(f"column {self.header!r} needs exactly one of value, components and text")
        return self


class PayrollMapping(BaseModel):
    """The columns of a payroll file in their order."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Text = "Payroll"
    columns: Annotated[tuple[PayrollColumn, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _headers_differ(self) -> PayrollMapping:
        headers = [column.header for column in self.columns]
        twice = sorted({header for header in headers if headers.count(header) > 1})
        if twice:
            raise ValueError(f"the header {twice[0]!r} is there twice")
        return self


def read_mapping(name: str) -> PayrollMapping:
    """Read a mapping.

    Args:
        name: One of those shipped (``generic``, ``monthly_bonus_zh``), or a YAML file.

    Raises:
        MappingError: There is no such mapping, or it says what it may not; names the place.
    """
    shipped = SHIPPED / f"{name}.yml"
    path = shipped if shipped.is_file() else Path(name)
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in SHIPPED.glob("*.yml")))
        raise MappingError(
            f"there is no mapping of payroll columns {name!r}", f"Name a YAML file, or one of: {known}."
        )
    document = load_yaml(path)
    try:
        return PayrollMapping.model_validate(document.data)
    except ValidationError as error:
        first = error.errors()[0]
        said = first["msg"].removeprefix("Value error, ")
        raise MappingError(f"{document.where(first['loc'])}: {said}", "Correct the mapping.") from None
