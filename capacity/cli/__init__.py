"""The command ``capacity``: it parses, calls and prints; each command loads what it needs."""

from __future__ import annotations

import gc
import signal
import sys
import threading
from collections.abc import Sequence
from functools import partial
from importlib import import_module

import click

from capacity import __version__
from capacity.base.words import LANGUAGES
from capacity.cli.spoken import SpokenGroup

#: The commands, in the order of a planner's work; the module of the same name is loaded when one
#: is called.
COMMANDS = (
    *("new", "import", "check", "run", "chart", "report"),
    *("compare", "ratios", "backtest", "doctor"),
)

#: Where a module may not be called as its command is.
_MODULES = {"import": "importing"}


#: Objects made before memory is looked through for what nobody holds: a command ends soon.
_SELDOM = 500_000


class Lazy(SpokenGroup):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands, in the order of a planner's work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import a command."""
        if name not in COMMANDS:
            return None
        module = _MODULES.get(name, name)
        command: click.Command = import_module(f"capacity.cli.{module}").command
        return command


@click.group("capacity", cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
@click.option("--lang", type=click.Choice(LANGUAGES), expose_value=False)
def capacity() -> None:
    """Simulate the supply of school places and the demand for them."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and leave with its exit code."""
    from capacity.cli import console, ending
    from capacity.cli.common import INTERRUPTED

    gc.set_threshold(_SELDOM, *gc.get_threshold()[1:])
    ending.open_streams()
    console.open_console(sys.stdout, sys.stderr)
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # stopped alike, however asked
    try:
        stood = ending.standing()
        lang = ending.asked_language(arguments)
        call = partial(capacity.main, arguments, standalone_mode=False, obj=lang)
        code, lines = ending.ended(call, arguments)
        code = ending.leave(code, [*lines, *ending.moved(stood, arguments)])
    except KeyboardInterrupt:  # asked twice
        code = INTERRUPTED
    sys.exit(code)
