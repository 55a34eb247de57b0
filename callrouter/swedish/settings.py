"""What is expected where in a schedule, and what is wrong with a file that is none."""

SETTINGS = {
    "line {line}: {text}": "rad {line}: {text}",
    "line {line}: {path}: {text}": "rad {line}: {path}: {text}",
    "item {n}": "post {n}",
    "a text": "en text",
    "a list": "en lista",
    "a block of settings": "ett block med inställningar",
    "no country": "inget land",
    "a premium-rate number": "ett betalnummer",
    "a shared-cost number": "ett nummer med delad kostnad",
    "red": "röd",
    "not red": "inte röd",
    "mon": "mån",
    "tue": "tis",
    "wed": "ons",
    "thu": "tors",
    "fri": "fre",
    "sat": "lör",
    "sun": "sön",
    # What a file as a whole must be.
    "the file has {n} bytes; expected at most {most} (1 MiB)": "filen har {n} byte; väntade högst {most} (1 MiB)",
    "not UTF-8; save the file with the encoding UTF-8": "inte UTF-8; spara filen med teckenkodningen UTF-8",
    "a tab; use spaces": "en tabb; använd blanksteg",
    "an invisible character ({code}); delete it": "ett osynligt tecken ({code}); ta bort det",
    "expected settings such as 'version: 1', one a line": "väntade inställningar som 'version: 1', en på varje rad",
    "brackets or blocks within each other, deeper than any setting": (
        "parenteser eller block i varandra, djupare än någon inställning"
    ),
    "this is not YAML: {why}": "det här är inte YAML: {why}",
    "this is not YAML: {why} (what it belongs to begins on line {line})": (
        "det här är inte YAML: {why} (det som det hör till börjar på rad {line})"
    ),
    "a colon that YAML does not understand here; put a text that contains ': ' in quotes, and check how far this line "
    "and the one above are indented": (
        "ett kolon som YAML inte förstår här; sätt citattecken om en text som innehåller ': ', och se efter hur långt "
        "den här raden och den ovanför är indragna"
    ),
    "no colon; expected 'setting: value'": "inget kolon; väntade 'inställning: värde'",
    "this line is not indented like the settings around it": "raden är inte indragen som inställningarna omkring den",
    "this line is not indented like the list around it": "raden är inte indragen som listan omkring den",
    "a list cannot begin here; put its first '-' on a new line": (
        "en lista kan inte börja här; sätt dess första '-' på en ny rad"
    ),
    "a bracket is not closed": "en parentes är inte stängd",
    "a value is missing, or a bracket is not closed": "ett värde saknas, eller en parentes är inte stängd",
    "a text that begins with this character needs quotes": "en text som börjar med det här tecknet behöver citattecken",
    "a quotation mark is not closed": "ett citattecken är inte stängt",
    "a backslash inside \"…\" has a meaning of its own; use '…' instead": (
        "ett omvänt snedstreck inom \"…\" betyder något eget; använd '…' i stället"
    ),
    "a second document begins; expected one": "ett andra dokument börjar; väntade ett",
    "'{key}' stands twice, on line {first} and on line {line}; keep one of them": (
        "'{key}' står två gånger, på rad {first} och på rad {line}; behåll ett av dem"
    ),
    "a list or a block stands where the name of a setting is expected": (
        "en lista eller ett block står där namnet på en inställning väntas"
    ),
    "an alias, *{name}; write the value out (or put it in quotes)": (
        "ett alias, *{name}; skriv ut värdet (eller sätt det inom citattecken)"
    ),
    "an anchor, &{name}; leave it out (or put the text in quotes)": (
        "ett ankare, &{name}; ta bort det (eller sätt texten inom citattecken)"
    ),
    "a tag, an exclamation mark with a word; leave it out (or use quotes)": (
        "en tagg, ett utropstecken med ett ord; ta bort den (eller använd citattecken)"
    ),
    # Where it is kept.
    "the {kind} {place} {why}": "{kind} {place} {why}",
    "file": "filen",
    "database": "databasen",
    "is no file": "är ingen fil",
    "is being written": "skrivs just nu",
    "cannot be read: {why}": "kan inte läsas: {why}",
    "holds no published schedule; publish one with: callrouter schedule publish FILE": (
        "har inget publicerat schema; publicera ett med: callrouter schedule publish FIL"
    ),
    # What is expected.
    "settings such as 'version: 1', one a line": "inställningar som 'version: 1', en på varje rad",
    "1": "1",
    "a time zone such as Europe/Stockholm": "en tidszon som Europe/Stockholm",
    "countries such as SE": "länder som SE",
    "a country such as SE": "ett land som SE",
    "a country, and days that differ": "ett land, och dagar som avviker",
    "names of days with their hours": "namn på dagar med deras tider",
    "times such as 10:00-13:00, closed or normal": "tider som 10:00-13:00, closed eller normal",
    "units, each under its name": "enheter, var och en under sitt namn",
    "a unit with numbers, hours and open": "en enhet med numbers, hours och open",
    "a short name": "ett kort namn",
    "the numbers that belong to this unit": "numren som hör till enheten",
    "a number such as +46 8 465 004 00": "ett nummer som +46 8 465 004 00",
    "always, or a list of versions that begin with 'from: YYYY-MM-DD'": (
        "always, eller en lista med öppettider som börjar med 'from: ÅÅÅÅ-MM-DD'"
    ),
    "always": "always",
    "a version that begins with 'from: YYYY-MM-DD'": "öppettider som börjar med 'from: ÅÅÅÅ-MM-DD'",
    "a date such as 2026-11-23": "ett datum som 2026-11-23",
    "seasons, each with its period": "säsonger, var och en med sin period",
    "a season with its period": "en säsong med sin period",
    "a period such as 06-15..08-15": "en period som 06-15..08-15",
    "exceptions, each with a period and hours": "avvikande dagar, var och en med period och tider",
    "a period and its hours": "en period och dess tider",
    "a period such as 2026-12-28..2026-12-30": "en period som 2026-12-28..2026-12-30",
    "times such as 10:00-15:00, or closed": "tider som 10:00-15:00, eller closed",
    "a short text": "en kort text",
    "ignore": "ignore",
    "a name": "ett namn",
    "a message and keys": "ett meddelande och knappar",
    "keys with units, such as {1: reception}": "knappar med enheter, som {1: reception}",
    "full or hash": "full eller hash",
    "a time such as 6 months": "en tid som 6 månader",
    "destinations, each under its name": "svarsställen, vart och ett under sitt namn",
    "a destination with ring, contracts or message": "ett svarsställe med ring, contracts eller message",
    "whom to ring": "vilka som rings",
    "a number, or the name of a person or a rota": "ett nummer, eller namnet på en person eller ett jourschema",
    "contracts, each with period, company and ring": "avtal, vart och ett med period, company och ring",
    "a contract with period, company and ring": "ett avtal med period, company och ring",
    "a share and seconds, such as 80% 30s": "en andel och sekunder, som 80% 30s",
    "yes or no": "ja eller nej",
    "a whole number from {least} to {most}": "ett heltal från {least} till {most}",
    "key": "key",
    "own or caller": "own eller caller",
    "rotas, each under its name": "jourscheman, vart och ett under sitt namn",
    "blocks, each with start, shift and people": "schemablock, vart och ett med start, shift och people",
    "a block with start, shift and people": "ett schemablock med start, shift och people",
    "a date with a time, such as 2026-11-23 08:00": "ett datum med klockslag, som 2026-11-23 08:00",
    "a length such as 1 week": "en längd som 1 vecka",
    "swaps": "byten",
    "a period and a person": "en period och en person",
    "a period such as 2026-12-24 08:00..2026-12-25 08:00": "en period som 2026-12-24 08:00..2026-12-25 08:00",
    "people with their numbers": "personer med sina nummer",
    "messages, each under its name": "meddelanden, vart och ett under sitt namn",
    "a text for each language": "en text på varje språk",
    "who is told of what": "vem som får veta vad",
    "mail addresses and numbers": "e-postadresser och nummer",
    "a mail address or a number": "en e-postadress eller ett nummer",
    "mail addresses": "e-postadresser",
    "a mail address": "en e-postadress",
    "targets and categories": "mål och kategorier",
    "shares of calls: 80% 30s": "andelar av samtalen: 80% 30s",
    "test calls": "provsamtal",
    "a destination and a time": "ett svarsställe och en tid",
    "a weekday with a time, such as mon 09:30": "en veckodag med klockslag, som mån 09:30",
    "rules of what is kept how long": "regler för vad som sparas hur länge",
    "what is kept, how long, by which decision": "vad som sparas, hur länge, enligt vilket beslut",
    "numbers, notes, recordings, events or calls": "numbers, notes, recordings, events eller calls",
    # What a required setting is for.
    "the version of this format": "formatets version",
    "the zone of all times: Europe/Stockholm": "tidszonen för alla tider: Europe/Stockholm",
    "the country whose red days are closed: SE": "landet vars röda dagar är stängda: SE",
    "the services behind the numbers": "tjänsterna bakom numren",
    "calls to these numbers belong to this unit": "samtal till de här numren hör till enheten",
    "always, or versions of the week; a day that is not listed is closed": (
        "always, eller veckans öppettider; en dag som inte nämns är stängd"
    ),
    "the first day on which this week holds": "den första dag då veckan gäller",
    "the days, every year: 06-15..08-15": "dagarna, varje år: 06-15..08-15",
    "the dates, both included: 2026-12-28..2026-12-30": "datumen, båda med: 2026-12-28..2026-12-30",
    "open at these times, or closed": "öppet de här tiderna, eller closed",
    "the destination while the unit is open": "svarsstället när enheten är öppen",
    "the message that says the keys": "meddelandet som säger knapparna",
    "the unit that each key from 1 to 9 leads to": "enheten som varje knapp från 1 till 9 leder till",
    "whom to ring, and where a call goes next": "vilka som rings, och vart samtalet går sedan",
    "the dates, both included; A.. until further notice": "datumen, båda med; A.. betyder tills vidare",
    "who answers": "vem som svarar",
    "numbers, people and rotas": "nummer, personer och jourscheman",
    "the first hand-off: 2008-06-02 08:00": "den första avlösningen: 2008-06-02 08:00",
    "how long a shift lasts: 12 hours, 1 day, 1 week": "hur långt ett pass är: 12 timmar, 1 dag, 1 vecka",
    "people in the order of their shifts": "personer i passens ordning",
    "people in the order of their shifts; none: nobody from here": (
        "personer i passens ordning; ingen: ingen är i tjänst härifrån"
    ),
    "from when until when": "från när till när",
    "who takes over": "vem som tar över",
    "words to file calls under": "ord som samtal sorteras under",
    "the destination to test": "svarsstället som provas",
    "weekday and local time: mon 09:30": "veckodag och lokal tid: mån 09:30",
    "what is deleted": "vad som gallras",
    "how long it is kept: 6 months": "hur länge det sparas: 6 månader",
    "the decision that says so": "beslutet som säger det",
    "the day of the decision": "dagen för beslutet",
}
