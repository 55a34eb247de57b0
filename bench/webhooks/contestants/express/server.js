// The same sample on Node: Express, the SDK's validator, better-sqlite3 with WAL and FULL, TwiML by the SDK.
const cluster = require("node:cluster");
const express = require("express");
const Database = require("better-sqlite3");
const twilio = require("twilio");

const { DATABASE, PORT, PUBLIC_URL, TWILIO_AUTH_TOKEN, WORKERS } = process.env;
const [OFFICE, GUARD] = ["+46846500410", "+46701740611"];

function serve() {
  const database = new Database(DATABASE, { timeout: 60000 });
  database.pragma("journal_mode = WAL");
  database.pragma("synchronous = FULL");
  const insert = database.prepare("INSERT INTO call (sid, caller, at, sent_to) VALUES (?, ?, ?, ?)");
  const app = express();
  app.use(express.urlencoded({ extended: false }));
  app.post("/twilio/voice", (request, response) => {
    const signature = request.get("X-Twilio-Signature") || "";
    if (!twilio.validateRequest(TWILIO_AUTH_TOKEN, signature, PUBLIC_URL + request.path, request.body)) {
      return response.sendStatus(403);
    }
    const now = new Date();
    const isOpen = now.getDay() % 6 !== 0 && now.getHours() >= 8 && now.getHours() < 17;
    const number = isOpen ? OFFICE : GUARD;
    insert.run(request.body.CallSid, request.body.From, now.toISOString(), number);
    const answer = new twilio.twiml.VoiceResponse();
    answer.say({ language: "sv-SE" }, "Samtalet kopplas vidare.");
    answer.dial({ timeout: 25 }).number(number);
    response.type("text/xml").send(answer.toString());
  });
  app.listen(Number(PORT), "127.0.0.1");
}

if (WORKERS > 1 && cluster.isPrimary) {
  for (let i = 0; i < WORKERS; i++) cluster.fork();
} else {
  serve();
}
