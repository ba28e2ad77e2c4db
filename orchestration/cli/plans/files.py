"""``incentives plan``: check plan files, write their schema, and the commands of the other ``plan_*`` modules.

Belongs here: options and output of these commands. Does not belong here: what a plan may say (``compensation``).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orchestration.cli import statement
from orchestration.cli.console.output import Json, console, echo, echo_json, show_table
from orchestration.cli.plans.diff import diff, simulate

app = typer.Typer(help="Plans as code.", no_args_is_help=True)
app.command("diff")(diff)
app.command("simulate")(simulate)
app.command("explain", help="The same as `incentives statement`.")(statement.statement)


@app.command()
def validate(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Plan files or folders; none: the plans in force.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Check plan files: every error with file, line, key and what is allowed."""
    from compensation import load_plans
    from orchestration.plans_in_force import plans_in_force
    from orchestration.settings import load_settings

    plan_set = load_plans(paths or list(plans_in_force(load_settings())))
    if as_json:
        rows = [
            {"plan_id": name, "plan_hash": plan_set.hashes[name], "file": plan_set.files[name]}
            for name in plan_set.plans
        ]
        echo_json({"status": "done", "plans": rows, "warnings": [str(one) for one in plan_set.warnings]})
        return
    show_table(
        f"{len(plan_set.plans)} plans, no error",
        ("plan", "from", "to", "departments", "hash", "file"),
        [
            (
                name,
                plan.valid_from,
                plan.valid_to or "open end",
                ", ".join(plan.applies_to.departments),
                plan_set.hashes[name][:12],
                plan_set.files[name],
            )
            for name, plan in plan_set.plans.items()
        ],
    )
    for warning in plan_set.warnings:
        console().print(f"warning: {warning}", markup=False)


@app.command()
def schema(
    path: Annotated[Path | None, typer.Argument(help="Where to write it; none: plans/schema.json.")] = None,
    as_json: Json = False,
) -> None:
    """Write the JSON Schema of plan files, for editors."""
    from compensation import write_schema
    from orchestration.settings import ROOT

    target = path or ROOT / "plans" / "schema.json"
    write_schema(target)
    if as_json:
        echo_json({"status": "done", "file": target})
    else:
        echo(f"written: {target}")
