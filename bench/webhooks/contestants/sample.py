"""The sample that everybody starts from: the SDK's validator, an ORM row committed for each call, TwiML by the SDK."""

import os
from datetime import datetime

from flask import Flask, Response, abort, request
from sqlalchemy import String, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from twilio.request_validator import RequestValidator
from twilio.twiml.voice_response import VoiceResponse

OFFICE, GUARD = "+46846500410", "+46701740611"
app = Flask(__name__)
validator = RequestValidator(os.environ["TWILIO_AUTH_TOKEN"])
engine = create_engine(os.environ["DATABASE_URL"], connect_args={"timeout": 60})
if os.environ.get("JOURNAL"):
    event.listen(engine, "connect", lambda raw, _: raw.execute(f"PRAGMA journal_mode={os.environ['JOURNAL']}"))


class Base(DeclarativeBase): ...


class Call(Base):
    __tablename__ = "call"
    id: Mapped[int] = mapped_column(primary_key=True)
    sid: Mapped[str] = mapped_column(String(34), unique=True)
    caller: Mapped[str]
    at: Mapped[datetime]
    sent_to: Mapped[str]


@app.post("/twilio/voice")
def voice() -> Response:
    url = os.environ["PUBLIC_URL"] + request.path
    if not validator.validate(url, request.form, request.headers.get("X-Twilio-Signature", "")):
        abort(403)
    now = datetime.now()
    number = OFFICE if now.weekday() < 5 and 8 <= now.hour < 17 else GUARD
    with Session(engine) as session:
        session.add(Call(sid=request.form["CallSid"], caller=request.form["From"], at=now, sent_to=number))
        session.commit()
    answer = VoiceResponse()
    answer.say("Samtalet kopplas vidare.", language="sv-SE")
    answer.dial(timeout=25).number(number)
    return Response(str(answer), content_type="text/xml")


if __name__ == "__main__":  # once, before the workers start
    Base.metadata.create_all(engine)
