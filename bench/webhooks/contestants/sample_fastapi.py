"""The same sample on FastAPI: an endpoint without async, which it runs in its threads."""

import os
from datetime import datetime
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Request, Response
from sample import GUARD, OFFICE, Call, engine, validator
from sqlalchemy.orm import Session
from starlette.datastructures import FormData
from twilio.twiml.voice_response import VoiceResponse

app = FastAPI()


async def form_of(request: Request) -> FormData:
    return await request.form()


@app.post("/twilio/voice")
def voice(request: Request, form: Annotated[FormData, Depends(form_of)]) -> Response:
    url = os.environ["PUBLIC_URL"] + request.url.path
    if not validator.validate(url, form, request.headers.get("X-Twilio-Signature", "")):
        raise HTTPException(403)
    now = datetime.now()
    number = OFFICE if now.weekday() < 5 and 8 <= now.hour < 17 else GUARD
    with Session(engine) as session:
        session.add(Call(sid=form["CallSid"], caller=form["From"], at=now, sent_to=number))
        session.commit()
    answer = VoiceResponse()
    answer.say("Samtalet kopplas vidare.", language="sv-SE")
    answer.dial(timeout=25).number(number)
    return Response(str(answer), media_type="text/xml")
