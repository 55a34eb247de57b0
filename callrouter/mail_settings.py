"""The settings of mail and SMS; `settings` reads the environment for them."""

from dataclasses import dataclass, field

from callrouter import setting_values as values
from callrouter.setting_values import Reader


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over. *security*: `starttls`, `tls` from the first byte on, or `none`."""

    host: str
    port: int
    security: str
    sender: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @property
    def place(self) -> str:
        """For messages: host and port."""
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Told:
    """How people are told; None: that way nobody can be. *sms_sender*: a number of ours, or a name."""

    mail: MailServer | None = None
    sms_sender: str | None = None


def read_told(reader: Reader) -> Told:
    """Read them; what is wrong with them *reader* gathers."""
    return Told(_mail_server(reader), reader.optional("CALLROUTER_SMS_FROM", values.sms_sender))


def _mail_server(reader: Reader) -> MailServer | None:
    """None where none is named; one that is named must be told as a whole."""
    place = reader.optional("CALLROUTER_SMTP_HOST", values.host_and_port)
    if place is None:
        return None
    security = reader.optional("CALLROUTER_SMTP_SECURITY", values.mail_security) or "starttls"
    sender = reader.required("CALLROUTER_MAIL_FROM", values.mail_address, "the address that mail comes from")
    user = reader.optional("CALLROUTER_SMTP_USER", str)
    password = (
        reader.required("CALLROUTER_SMTP_PASSWORD", str, "the password of CALLROUTER_SMTP_USER") if user else None
    )
    host, port = place
    return MailServer(host, port or _PORTS[security], security, sender, user, password)


_PORTS = {"starttls": 587, "tls": 465, "none": 25}
