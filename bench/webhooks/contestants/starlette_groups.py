"""The fastest that is still durable: Starlette, a signature check by hand, text for TwiML, group commit in a thread."""

import asyncio
import base64
import hashlib
import hmac
import os
import queue
import sqlite3
import threading
from datetime import datetime
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

OFFICE, GUARD = "+46846500410", "+46701740611"
TWIML = (
    '<?xml version="1.0" encoding="UTF-8"?><Response><Say language="sv-SE">Samtalet kopplas vidare.</Say>'
    '<Dial timeout="25"><Number>{}</Number></Dial></Response>'
)
TOKEN, URL = os.environ["TWILIO_AUTH_TOKEN"].encode(), os.environ["PUBLIC_URL"]
waiting: queue.SimpleQueue[tuple[tuple[str, ...], asyncio.Future[None], asyncio.AbstractEventLoop]]
waiting = queue.SimpleQueue()


def done(futures: list[asyncio.Future[None]]) -> None:
    for future in futures:
        if not future.cancelled():
            future.set_result(None)


def write() -> None:
    connection = sqlite3.connect(os.environ["DATABASE"], timeout=60, isolation_level=None)
    connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL")
    while True:
        batch = [waiting.get()]
        while len(batch) < 200 and not waiting.empty():
            batch.append(waiting.get())
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO call (sid, caller, at, sent_to) VALUES (?, ?, ?, ?)", [b[0] for b in batch])
        connection.execute("COMMIT")
        batch[0][2].call_soon_threadsafe(done, [future for _, future, _ in batch])


async def voice(request: Request) -> Response:
    form = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
    text = URL + request.url.path + "".join(name + form[name] for name in sorted(form))
    signed = base64.b64encode(hmac.digest(TOKEN, text.encode(), hashlib.sha1))
    if not hmac.compare_digest(signed, request.headers.get("x-twilio-signature", "").encode()):
        return Response(status_code=403)
    now = datetime.now()
    number = OFFICE if now.weekday() < 5 and 8 <= now.hour < 17 else GUARD
    loop = asyncio.get_running_loop()
    written = loop.create_future()
    waiting.put(((form["CallSid"], form["From"], now.isoformat(), number), written, loop))
    await written
    return Response(TWIML.format(number), media_type="text/xml")


threading.Thread(target=write, daemon=True).start()
app = Starlette(routes=[Route("/twilio/voice", voice, methods=["POST"])])
