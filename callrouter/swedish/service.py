"""What the service and its jobs tell of themselves."""

SERVICE = {
    # What jobs warn of.
    "The job '{job}' failed": "Jobbet ”{job}” misslyckades",
    "Something has to be done soon": "Något behöver göras snart",
    "What should be deleted is still at the provider": "Det som ska gallras finns kvar hos operatören",
    "{n} left: the destruction protocol says why": "{n} kvar: gallringsprotokollet säger varför",
    "certificate: {what}": "certifikatet: {what}",
    "schedule: {problem}": "schemat: {problem}",
    "not trusted: {why}": "betros inte: {why}",
    "{place} is out of reach: {why}": "{place} går inte att nå: {why}",
    "{n} days left": "{n} dagar kvar",
    "The service may not do what the schedule says": "Tjänsten gör kanske inte som schemat säger",
    "the service was not asked: its address or its schedule is not known here": (
        "tjänsten tillfrågades inte: dess adress eller schema är inte känt här"
    ),
    "the schedule has errors, and its last good version is in force: {problem}": (
        "schemat har fel, och den senaste fungerande versionen gäller: {problem}"
    ),
    "the service does not answer as it should at {url}: {why}": "tjänsten svarar inte som den ska på {url}: {why}",
    "{process}: {what}: {found}, expected {expected}": "{process}: {what}: {found}, väntade {expected}",
    "{check}: {what}": "{check}: {what}",
    "numbers": "nummer",
    "fallback": "reservadress",
    "{number} has none": "{number} har ingen",
    "{number}: {url} answers {status}: it cannot be compared from here": (
        "{number}: {url} svarar {status}: det kan inte jämföras härifrån"
    ),
    "{number}: {url} cannot be fetched from here ({why}), and so not compared": (
        "{number}: {url} kan inte hämtas härifrån ({why}), och alltså inte jämföras"
    ),
    "{number}: {url} is not that of the schedule now": "{number}: {url} är inte det som schemat säger nu",
    "{number} belongs to the {what}: calls do not come": "{number} hör till {what}: samtalen kommer inte",
    "{number}: not as it should be: {what}": "{number}: inte som det ska: {what}",
    "A test call was not answered": "Ett provsamtal blev inte besvarat",
    "{name}: not rung: the provider's account or the service's settings are not known here": (
        "{name}: rings inte: operatörens konto eller tjänstens inställningar är inte kända här"
    ),
    "{name}: not rung: nobody is on duty there": "{name}: rings inte: ingen är i tjänst där",
    "{name}: not rung: {why}": "{name}: rings inte: {why}",
    "{call}: no such call is in the log": "{call}: inget sådant samtal finns i loggen",
    "{call}: nobody took it with the key: {how}": "{call}: ingen tog det med knappen: {how}",
    "unanswered": "obesvarat",
    "abandoned": "övergivet",
    "in-progress": "pågår",
    "unknown": "okänt",
    # What jobs do, and when.
    "whether all decide as the schedule says": "om alla bestämmer som schemat säger",
    "what dead processes left on disk": "det som döda processer lämnade på disk",
    "calls that a crash left half-told": "samtal som en krasch lämnade halvberättade",
    "room for the coming months": "plats för kommande månader",
    "deletion of what is older than decided": "gallring av det som är äldre än beslutat",
    "old runs of jobs": "gamla körningar av jobb",
    "the provider's list against the log": "operatörens lista mot loggen",
    "what must be done soon": "det som måste göras snart",
    "mail of the hand-over": "brev om överlämningen",
    "mail of the figures": "brev om siffrorna",
    "mail and SMS": "brev och SMS",
    "each minute": "varje minut",
    "each {n} s": "var {n}:e sekund",
    "hourly at :{minute}": "varje timme vid :{minute}",
    "daily at {time}": "varje dag {time}",
    # What parts of the service tell.
    "{job}: {why}": "{job}: {why}",
    "{what}": "{what}",
    "events that wait in memory: {what}": "händelser som väntar i minnet: {what}",
    "files that wait on disk: {what}": "filer som väntar på disk: {what}",
    "damaged files on disk: {what}": "skadade filer på disk: {what}",
    "events in log lines alone: {what}": "händelser som bara står i loggrader: {what}",
    "blocks made with another privacy key, which hold nobody: {what}": (
        "spärrar gjorda med en annan sekretessnyckel, som inte gäller någon: {what}"
    ),
}
