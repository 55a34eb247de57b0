"""Groups of commands whose modules are imported only when they run: `--help` answers at once."""

import errno
import io
import os
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from callrouter import interrupts


class LazyGroup(click.Group):
    """Commands by name, each in the module of its name in *package*; *table* holds their short helps.

    The module has the command as `command`; a hyphen in a name is an underscore there.
    """

    def __init__(self, name: str, package: str, table: Mapping[str, str], help_: str) -> None:
        super().__init__(name, help=help_, context_settings={"help_option_names": ["-h", "--help"]})
        self._package = package
        self._table = table

    def main(self, *arguments: Any, **options: Any) -> Any:
        """Run it as the program. What a terminal or a pipe has no letter for is a question mark there."""
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="replace")
        try:
            return super().main(*arguments, **options)
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            click.echo("There is no room left for what is to be said.", err=True)
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else Python tries once more as it ends
            sys.exit(1)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(self._table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in self._table:
            return None
        with interrupts.waiting():  # half of a module looks like a broken program, and leaves a traceback
            command: click.Command = import_module(f"{self._package}.{cmd_name.replace('-', '_')}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        with formatter.section("Commands"):
            formatter.write_dl(list(self._table.items()))
