"""`callrouter schedule schema`: the JSON Schema of schedule.yaml, for editors."""

import json

import click

from callrouter.schedule.format.schema import json_schema


@click.command("schema")
def command() -> None:
    """Print the JSON Schema of schedule.yaml: editors complete and underline by it.

    Save it beside the schedule, and make this the first line of the schedule:

    # yaml-language-server: $schema=schedule.schema.json
    """
    click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))
