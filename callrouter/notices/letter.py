"""A letter: what somebody is told, as a mail and as an SMS."""

from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape

from callrouter import clock

_LONGEST_SMS = 300
"""Two parts of what a phone shows as one; whoever wants more follows the link."""


@dataclass(frozen=True, slots=True)
class Letter:
    """*paragraphs* may have lines; *short*: the SMS without its *link*."""

    subject: str
    paragraphs: tuple[str, ...]
    short: str
    language: str
    link: str | None = None

    @property
    def sms(self) -> str:
        """In one line, with the link."""
        room = _LONGEST_SMS - len(self.link or "") - 1
        words = " ".join(self.short.split())
        words = words if len(words) <= room else f"{words[: room - 1]}…"
        return f"{words} {self.link}" if self.link else words

    def mail(self, sender: str, to: str, name: str) -> EmailMessage:
        """As a mail, plain and in HTML; *name* makes its Message-ID the same each time it is sent."""
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = sender, to, " ".join(self.subject.split())
        mail["Date"] = format_datetime(clock.now())
        mail["Message-ID"] = f"<{name}@{sender.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers it
        mail["Content-Language"] = self.language
        mail.set_content("\n\n".join((*self.paragraphs, *([self.link] if self.link else ()))) + "\n")
        mail.add_alternative(self._html(), subtype="html")
        return mail

    def _html(self) -> str:
        told = [escape(each).replace("\n", "<br>\n") for each in self.paragraphs]
        if self.link:
            address = escape(self.link)
            told.append(f'<a href="{address}">{address}</a>')
        body = "\n".join(f"<p>{each}</p>" for each in told)
        return f'<!doctype html>\n<html lang="{self.language}"><body>\n{body}\n</body></html>\n'
