"""`callrouter schedule schema`: the JSON Schema of schedule.yaml, for editors."""

import json

import click

from callrouter.schedule.format.schema import json_schema


@click.command("schema")
@click.option("--json", "_is_json", is_flag=True, help="It is JSON in any case.")
def command(*, _is_json: bool) -> None:
    """Print the JSON Schema of schedule.yaml: editors complete and underline by it.

    Save it beside the schedule, and make this the first line of the schedule:

    # yaml-language-server: $schema=schedule.schema.json
    """
    click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))
