"""The command line. Each command is a module that is imported only when it runs: `--help` answers at once."""

from importlib import import_module

import click

from callrouter import __version__

_COMMANDS = {
    "serve": "Start the service.",
    "call": "Play a whole call against the running service, through the built-in phone network.",
    "log": "List the calls, newest first; `log show CALL` tells one with every attempt.",
    "db": "Prepare the database.",
}


class _Commands(click.Group):
    """The commands by name; their short helps stand in the table above, so that listing them imports nothing."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"callrouter.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="callrouter")
def main() -> None:
    """callrouter: the right phone rings, at any hour, and every call is on record."""
