"""The one entry point: ``incentives``.

Belongs here: the list of commands and the last handler of errors.
Does not belong here: what a command does (the other modules here); heavy imports, so that ``--help`` answers at once.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from connectors.common.storage import is_interruption
from orchestration.cli import alerts, data, mapping, report, run, serve, sources, statement
from orchestration.cli.books import periods as books
from orchestration.cli.console.errors import DEBUG, report_error
from orchestration.cli.explaining.command import explain
from orchestration.cli.plans import files as plans
from orchestration.runtime.ctrl_c import listening, was_pressed
from orchestration.runtime.garbage import collect_rarely

_INTERRUPTED = 130  # what typer makes of the interrupt, and what shells expect
_STOPPED = "\nStopped by Ctrl-C. What was finished is kept; run the same command again to continue.\n"

app = typer.Typer(
    name="incentives",
    help="Incentive pay from source records to payout lines, every figure explained.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"incentives {version('incentives')}")
        raise typer.Exit


@app.callback()
def _options(
    debug: Annotated[bool, typer.Option(DEBUG, help="Show the whole trace of an error.")] = False,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and end."),
    ] = False,
) -> None:
    """Exit status: 0 done, 1 a gate or check failed, 2 bad input or usage."""


app.command("run")(run.run)
app.command("publish")(run.publish)
app.command("import")(data.import_delivery)
app.command("template")(data.template)
app.command("demo")(data.demo)
app.command("explain")(explain)
app.command("statement")(statement.statement)
app.command("serve")(serve.serve)
app.command("report")(report.report)
app.command("verify")(books.verify)
app.add_typer(books.app, name="period")
app.add_typer(plans.app, name="plan")
app.add_typer(mapping.app, name="mapping")
app.add_typer(sources.app, name="sources")
app.add_typer(alerts.app, name="alerts")


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; ends the process with its exit status.

    Args:
        arguments: Instead of those of the process.
    """
    collect_rarely()
    words = list(sys.argv[1:] if arguments is None else arguments)
    debug = DEBUG in words
    try:
        with listening():
            app([word for word in words if word != DEBUG])
    except SystemExit as ended:
        if ended.code == _INTERRUPTED:
            sys.stderr.write(_STOPPED)
        raise
    except KeyboardInterrupt:
        raise _stopped() from None
    except Exception as error:  # the last handler: whatever it is, the reader gets a sentence
        if was_pressed() or is_interruption(error):
            raise _stopped() from None
        if debug:
            raise
        raise SystemExit(report_error(error, words)) from None


def _stopped() -> SystemExit:
    sys.stderr.write(_STOPPED)
    return SystemExit(_INTERRUPTED)
