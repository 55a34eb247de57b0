"""A mail server on loopback (RFC 5321, 3207, 4954): takes mail, refuses it, hangs, as it is told."""

import base64
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Event, Thread
from typing import Any

from callrouter.mail_settings import MailServer

USER, PASSWORD = "callrouter", "a password of these tests"
SENDER = "callrouter@example.se"


@dataclass
class MailHouse:
    """*replies*: what is answered instead, by the word of the command. *hangs*: no answer at all until *is_over*.

    *port*: where it stands; 0: anywhere.
    """

    replies: dict[str, str] = field(default_factory=dict)
    hangs: bool = False
    certificate: Path | None = None
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    signed_in: list[bool] = field(default_factory=list)
    is_secured: list[bool] = field(default_factory=list)
    asked: Event = field(default_factory=Event)
    is_over: Event = field(default_factory=Event)
    port: int = 0

    def settings(self, security: str = "none", password: str | None = None, host: str = "localhost") -> MailServer:
        return MailServer(host, self.port, security, SENDER, USER if password else None, password)


@contextmanager
def mail_house(**told: Any) -> Iterator[MailHouse]:
    """The server, running."""
    house = MailHouse(**told)

    class Handler(StreamRequestHandler):
        def handle(self) -> None:
            talk = _Talk(house, self)
            try:
                talk.whole()
            finally:
                if talk.secured:
                    talk.secured.close()

    class Server(ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

        def handle_error(self, *_: object) -> None:
            """A client that does not trust it goes away: that is what is tested."""

    server = Server(("127.0.0.1", house.port), Handler)
    house.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield house
    finally:
        house.is_over.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Talk:
    def __init__(self, house: MailHouse, handler: StreamRequestHandler) -> None:
        self.house, self.handler = house, handler
        self.is_signed_in = self.is_secured = False
        self.secured: ssl.SSLSocket | None = None

    def whole(self) -> None:
        self.house.asked.set()
        if self.house.hangs:
            self.house.is_over.wait()
            return
        self.say("220 mail.example.se")
        while line := self.handler.rfile.readline().decode().strip():
            word = line.split()[0].upper()
            if word == "QUIT":
                self.say("221 bye")
                return
            if word in self.house.replies:
                self.say(self.house.replies[word])
            else:
                getattr(self, word.lower(), lambda _line: self.say("250 ok"))(line)

    def say(self, *lines: str) -> None:
        self.handler.wfile.write("".join(f"{line}\r\n" for line in lines).encode())
        self.handler.wfile.flush()

    def ehlo(self, _line: str) -> None:
        offered = ["250-STARTTLS"] if self.house.certificate and not self.is_secured else []
        self.say("250-mail.example.se", *offered, "250 AUTH PLAIN")

    def starttls(self, _line: str) -> None:
        self.say("220 go ahead")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.house.certificate or "")
        self.secured = secured = context.wrap_socket(
            self.handler.connection, server_side=True, do_handshake_on_connect=False
        )
        secured.do_handshake()
        self.handler.rfile, self.handler.wfile = secured.makefile("rb"), secured.makefile("wb")
        self.is_secured = True

    def auth(self, line: str) -> None:
        self.is_signed_in = base64.b64decode(line.split()[2]).decode() == f"\0{USER}\0{PASSWORD}"
        self.say("235 welcome" if self.is_signed_in else "535 no such user or password")

    def rcpt(self, line: str) -> None:
        self.house.recipients.append(line.partition("<")[2].rstrip(">"))
        self.say("250 ok")

    def data(self, _line: str) -> None:
        self.say("354 go ahead")
        taken = bytearray()
        while (line := self.handler.rfile.readline()) != b".\r\n":
            taken += line.removeprefix(b".") if line.startswith(b"..") else line
        self.house.mails.append(message_from_bytes(bytes(taken), EmailMessage, policy=policy.default))
        self.house.signed_in.append(self.is_signed_in)
        self.house.is_secured.append(self.is_secured)
        self.say("250 taken")
