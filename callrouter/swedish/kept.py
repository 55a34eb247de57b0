"""The Swedish of what is kept in English: why a call went where it did, what jobs did, what went wrong.

`{days}` stands for weekdays as the schedule writes them, `{n}`, `{m}` and `{o}` for numbers, `{date}` for a date or a
period of them, `{hours}` for clock times, `{slot}` for when a job is due; any other name for any text, which may be
such a sentence itself.
"""

KEPT = {
    "file {place}.yaml": "filen {place}.yaml",  # where a version of the schedule was found
    # Why a unit was open or closed.
    "always open": "alltid öppet",
    "changed for the moment": "tillfälligt ändrat",
    "before the first hours version": "före de första öppettiderna",
    "no unit has the called number": "ingen enhet har det uppringda numret",
    "test call": "provsamtal",
    "{days} is not listed": "{days} står inte med",
    "{days} is not listed (from {date})": "{days} står inte med (från {date})",
    "{days} closed": "{days} stängt",
    "{days} closed (from {date})": "{days} stängt (från {date})",
    "{days} {hours}": "{days} {hours}",
    "{days} {hours} (from {date})": "{days} {hours} (från {date})",
    "season {date}: {rule}": "säsong {date}: {rule}",
    "exception {date}: closed": "avvikande dag {date}: stängt",
    "exception {date}: {why}, closed": "avvikande dag {date}: {why}, stängt",
    "exception {date}: {why}": "avvikande dag {date}: {why}",
    "day before {day}: closed": "dag före {day}: stängt",
    "day before {day}: {hours}": "dag före {day}: {hours}",
    "red day: {day}": "röd dag: {day}",
    "named day {day}: closed": "dag med namn {day}: stängt",
    "named day {day}: {hours}": "dag med namn {day}: {hours}",
    "{day} as usual: {rule}": "{day} som vanligt: {rule}",
    "override {n}: {effect} until {date} {hours} by {who}: {why}": (
        "manuell styrning {n}: {effect} till {date} {hours} av {who}: {why}"
    ),
    "override {n}: {effect} by {who}: {why}": "manuell styrning {n}: {effect} av {who}: {why}",
    "block {n} until {date} {hours} by {who}": "spärr {n} till {date} {hours} av {who}",
    "block {n} by {who}": "spärr {n} av {who}",
    "to {place}": "till {place}",
    "open by {rule}: {what}": "öppet enligt {rule}: {what}",
    "closed by {rule}: {what}": "stängt enligt {rule}: {what}",
    "hours": "öppettider",
    "season": "säsong",
    "day-before": "dag före röd dag",
    "holiday": "helgdag",
    "exception": "avvikande dag",
    "override": "manuell styrning",
    "always": "dygnet runt",
    "open": "öppet",
    "closed": "stängt",
    # What jobs did.
    "failed: {what}": "{what}",
    "{slot}: {what}": "{slot}: {what}",
    "warning: {what}": "varning: {what}",
    "{n} of {m} calls folded": "{n} av {m} samtal hopräknade",
    "no unit opened within the last hour": "ingen enhet har öppnat den senaste timmen",
    "{what}: {n} to be told": "{what}: {n} att meddela",
    "{n} to be told": "{n} att meddela",
    "no report is due today": "ingen rapport ska skickas i dag",
    "{n} runs deleted": "{n} körningar borttagna",
    "no schedule, so nobody to tell": "inget schema, så ingen att meddela",
    "{n} sent": "{n} skickade",
    "{n} sent, {m} not: {why}; see: callrouter outbox list": (
        "{n} skickade, {m} inte: {why}; se: callrouter outbox list"
    ),
    "SQLite has no partitions": "SQLite har inga partitioner",
    "partitions made: none; events moved: {n}": "inga nya partitioner; flyttade händelser: {n}",
    "partitions made: {date}; events moved: {n}": "nya partitioner: {date}; flyttade händelser: {n}",
    "no account with the provider: nothing to reconcile with": "inget konto hos operatören: inget att jämföra med",
    "no schedule, so nobody knows whose numbers may be kept: nothing was reconciled": (
        "inget schema, så ingen vet vems nummer som får sparas: inget jämfördes"
    ),
    "{n} calls, {m} legs and {o} messages compared: {what}": "{n} samtal, {m} ben och {o} meddelanden jämförda: {what}",
    "no gaps": "inga luckor",
    "{n} gaps filled": "{n} luckor fyllda",
    "{n} differ": "{n} skiljer sig",
    "stopped before {date}": "avbrutet före {date}",
    "no schedule, so no decision: nothing is deleted": "inget schema, så inget beslut: inget gallras",
    "nothing deleted": "inget gallrat",
    "{what} deleted": "gallrat: {what}",
    "{n} outstanding": "{n} återstår",
    "{n} numbers": "{n} nummer",
    "{n} notes": "{n} anteckningar",
    "{n} recordings": "{n} inspelningar",
    "{n} events": "{n} händelser",
    "{n} calls": "{n} samtal",
    "{n} provider-records": "{n} uppgifter hos operatören",
    "nothing: it was run a moment ago": "inget: det kördes alldeles nyss",
    "not looked at: the service's settings are not here": "inte undersökt: tjänstens inställningar finns inte här",
    "{n} entries replayed": "{n} händelser inlästa",
    "nothing to look at": "inget att se över",
    "rang: nobody, for the schedule names none": "ringde: ingen, för schemat nämner ingen",
    "rang: {what}": "ringde: {what}",
    "answered: {what}": "besvarat: {what}",
    "1 process answered, and decides as the schedule says": "1 process svarade, och bestämmer som schemat säger",
    "{n} processes answered, and decide as the schedule says": "{n} processer svarade, och bestämmer som schemat säger",
    # What went wrong.
    "its process was ended ({how})": "dess process avslutades ({how})",
    "exit code {n}": "felkod {n}",
    "the service was stopped": "tjänsten stoppades",
    "the database is damaged: {what}": "databasen är skadad: {what}",
    "{file} is there already: a back-up never overwrites another": (
        "{file} finns redan: en kopia skriver aldrig över en annan"
    ),
    "{table} refers to a row of {to}": "{table} hänvisar till en rad i {to} som saknas",
    "done": "klart",
    "not finished": "inte klart",
    "stopped before the end": "avbrutet före slutet",
    "no account with the provider": "inget konto hos operatören",
    "to delete recording {sid}: {what}": "att radera inspelning {sid}: {what}",
    "to delete the record of call {sid}: {what}": "att radera uppgiften om samtal {sid}: {what}",
    "the provider answered {n}": "operatören svarade {n}",
    "the provider is out of reach ({what})": "operatören gick inte att nå ({what})",
    "the provider refused it ({n})": "operatören vägrade ({n})",
    "the provider refused it ({n}); is the auth token that of the account and its region?": (
        "operatören vägrade ({n}); är nyckeln den som hör till kontot och dess region?"
    ),
    "nobody takes the lines": "ingen tar emot raderna",
    "too little space: {what}": "för lite utrymme: {what}",
    "{seconds} s against the provider's": "{seconds} s mot operatörens",
    "the database does not answer": "databasen svarar inte",
}

TROUBLES = {
    "OperationalError": "databasen gick inte att använda",
    "InterfaceError": "databasen gick inte att använda",
    "DatabaseError": "databasen gick inte att använda",
    "TimeoutError": "det tog för lång tid",
    "ConnectionError": "förbindelsen bröts",
    "ConnectionRefusedError": "ingen svarade",
    "PermissionError": "tjänsten får inte läsa eller skriva där",
    "FileNotFoundError": "filen finns inte",
    "FileExistsError": "filen finns redan",
    "OSError": "filen eller nätet gick inte att använda",
}
"""What an error of the machinery means, by its name; what it says itself is kept beside that."""

OURS = ("ExportError", "UnfitError", "NotToldError", "NotTakenError", "TurnError", "UnderWayError")
"""Errors whose own words say enough."""
