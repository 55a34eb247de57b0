"""The ways to people: a mail server, the provider's SMS, and files where no real person may be reached."""

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol

from callrouter.domain.phone import PhoneNumber
from callrouter.mail_settings import MailServer
from callrouter.telephony.provider import Account, ProviderRefusedError, ProviderUnavailableError

SECONDS = 10.0
"""So long a mail server may take for each of its answers."""


class NotTakenError(RuntimeError):
    """A notice was not taken. *for_good*: it never will be. *is_away*: nothing else would be taken now either."""

    def __init__(self, why: str, *, for_good: bool = False, is_away: bool = False) -> None:
        super().__init__(why)
        self.for_good, self.is_away = for_good, is_away


class Post(Protocol):
    """The ways to people. Each raises NotTakenError."""

    @property
    def sender(self) -> str:
        """The address that mail comes from."""

    def mail(self, mail: EmailMessage) -> None:
        """Hand a mail over."""

    def sms(self, to: str, text: str, name: str) -> None:
        """Send an SMS to a number (E.164); *name*: that of its notice."""


@dataclass(frozen=True, slots=True)
class RealPost:
    """The mail server and the provider of the settings; what is not set takes nothing."""

    server: MailServer | None = None
    sms_sender: str | None = None
    account: Callable[[], Account | None] = lambda: None
    trusted: Callable[[], ssl.SSLContext] = ssl.create_default_context

    @property
    def sender(self) -> str:
        return self.server.sender if self.server else "nobody@localhost"

    def mail(self, mail: EmailMessage) -> None:
        if self.server is None:
            raise NotTakenError("no mail server is set: CALLROUTER_SMTP_HOST", is_away=True)
        with connected(self.server, self.trusted()) as smtp:
            smtp.send_message(mail)

    def sms(self, to: str, text: str, name: str) -> None:  # noqa: ARG002 - a provider has its own names
        account = self.account()
        if account is None or self.sms_sender is None:
            raise NotTakenError("no SMS can be sent: CALLROUTER_SMS_FROM or the account is not set", is_away=True)
        try:
            account.send_sms(self.sms_sender, PhoneNumber(to), text)
        except ProviderUnavailableError as error:
            raise NotTakenError(str(error), is_away=True) from error
        except ProviderRefusedError as error:
            raise NotTakenError(str(error)) from error


@dataclass(frozen=True, slots=True)
class FilePost:
    """On the built-in phone network nobody real is told: what would be sent lies in *folder*, to be looked at."""

    folder: Path
    sender: str = "callrouter@localhost"

    def mail(self, mail: EmailMessage) -> None:
        name = str(mail["Message-ID"]).strip("<>").partition("@")[0]
        self._keep(f"{name}.eml", bytes(mail))

    def sms(self, to: str, text: str, name: str) -> None:
        self._keep(f"{name}.txt", f"{to}\n{text}\n".encode())

    def _keep(self, name: str, content: bytes) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_bytes(content)
        except OSError as error:
            raise NotTakenError(f"{self.folder} cannot be written: {error}", is_away=True) from error


@contextmanager
def connected(server: MailServer, trusted: ssl.SSLContext, seconds: float = SECONDS) -> Iterator[smtplib.SMTP]:
    """A connection to *server*, secured and signed in as the settings say; each answer may take *seconds*.

    Raises:
        NotTakenError: there is none, or what is sent over it is not taken.
    """
    try:
        with _opened(server, trusted, seconds) as smtp:
            if server.security == "starttls":
                smtp.starttls(context=trusted)
            if server.user:
                smtp.login(server.user, server.password or "")
            yield smtp
    except smtplib.SMTPRecipientsRefused as error:
        codes = sorted({code for code, _said in error.recipients.values()})
        said = f"{server.place} refuses the recipient ({', '.join(map(str, codes))})"
        raise NotTakenError(said, for_good=min(codes, default=0) >= 500) from error
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
        raise NotTakenError(f"{server.place} refuses the mail ({error.smtp_code})") from error
    except (smtplib.SMTPException, OSError) as error:
        code = getattr(error, "smtp_code", None)
        said = f"{type(error).__name__}{f' {code}' if code else ''}"
        raise NotTakenError(f"{server.place} does not take mail ({said})", is_away=True) from error


def _opened(server: MailServer, trusted: ssl.SSLContext, seconds: float) -> smtplib.SMTP:
    if server.security == "tls":
        return smtplib.SMTP_SSL(server.host, server.port, timeout=seconds, context=trusted)
    return smtplib.SMTP(server.host, server.port, timeout=seconds)
