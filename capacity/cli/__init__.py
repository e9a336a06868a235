"""The command ``capacity``: it parses, calls and prints; each command loads what it needs."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Sequence
from functools import partial
from importlib import import_module

import click

from capacity import __version__

#: What each command is for; its module, of the same name, is loaded when it is called.
COMMANDS = {
    "new": "Write a district folder to fill in, which runs at once.",
    "check": "Show every problem of scenario files and district folders.",
    "run": "Run scenarios: yearly gap as tables and charts.",
    "chart": "Draw charts of a finished run.",
    "compare": "Compare runs or scenarios: what changes, and which inputs.",
    "ratios": "Calibrate ratios on a district's past: how sure they are, and where it breaks.",
    "backtest": "Measure forecasts on a district's own past.",
    "doctor": "Say what is missing on this machine and how to get it.",
}


class Lazy(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands, in the order of a planner's work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import a command."""
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(f"capacity.cli.{name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def capacity() -> None:
    """School places: demand, supply and the gap between them, by region, level and year.

    The gap is demand less places: positive is short (缺口：正 = 不足). A year is the school
    year by its autumn.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and leave with its exit code."""
    from capacity.cli import console, ending
    from capacity.cli.common import INTERRUPTED

    ending.open_streams()
    console.open_console(sys.stdout, sys.stderr)
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # stopped alike, however asked
    try:
        stood = ending.standing()
        call = partial(capacity.main, arguments, standalone_mode=False)
        code, lines = ending.ended(call, arguments)
        code = ending.leave(code, [*lines, *ending.moved(stood, arguments)])
    except KeyboardInterrupt:  # asked twice
        code = INTERRUPTED
    sys.exit(code)
