"""Whose calls are asked for."""

import click

from callrouter.domain.words import Origin

of_origin = click.option(
    "--origin",
    type=click.Choice([each.value for each in Origin]),
    default=Origin.REAL.value,
    show_default=True,
    help="Who made the calls.",
)
"""Give a command `--origin`."""
