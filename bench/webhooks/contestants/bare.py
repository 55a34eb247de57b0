"""The floor: a Flask route that does nothing but answer."""

from flask import Flask, Response

app = Flask(__name__)
TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response><Dial><Number>+46701740611</Number></Dial></Response>'


@app.post("/twilio/voice")
def voice() -> Response:
    return Response(TWIML, content_type="text/xml")
