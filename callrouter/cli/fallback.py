"""`callrouter fallback`: what the provider answers by itself when this service is gone."""

import click

from callrouter import clock
from callrouter.cli.schedule.files import loaded, opened, unit_called
from callrouter.domain.failsafe import fail_safe
from callrouter.telephony.twilio.twiml import render_fallback

TWIML_BIN_CHARACTERS = 4000

_HOW = """\
Put it where it is served while this service is not:
  - the provider's own store: TwiML Bins > create one, paste it, and set it as the number's fallback URL;
  - or a static web server on another machine, as an .xml file with Content-Type: text/xml, open to POST.
Make it anew whenever the closed path of the unit changes."""


@click.command("fallback")
@click.argument("file", required=False)
@click.option("--unit", "unit_name", required=True, help="The unit whose numbers fall back to it.")
def command(*, file: str | None, unit_name: str) -> None:
    """Print the static document for the provider's fallback URL: the fixed numbers of a unit's closed path.

    FILE is a schedule; without it, the one of the settings. The document goes to standard output, how to host it to
    standard error.
    """
    at = clock.now()
    schedule = loaded(opened(file), at)
    unit = unit_called(schedule, unit_name)
    document = render_fallback(fail_safe(schedule, unit.numbers[0], None, at))
    click.echo(document)
    click.echo(_HOW, err=True)
    if len(document) > TWIML_BIN_CHARACTERS:
        said = f"It has {len(document)} characters, too many for a TwiML Bin ({TWIML_BIN_CHARACTERS})."
        click.secho(said, fg="yellow", err=True)
