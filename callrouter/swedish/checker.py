"""Errors and warnings of a schedule, as its checker tells them."""

_NUMBER = "väntade ett nummer med landskod, som +46 8 465 004 00"
_ALONE = "väntade varje tid i en av dem"

CHECKER = {
    # What lies ahead, and what nobody has decided.
    "'always', but red days close it; write 'holidays: ignore' if it is open on them too": (
        "'always', men röda dagar stänger den; skriv 'holidays: ignore' om den är öppen då också"
    ),
    "no exception decides about the bridge day {days}": "ingen avvikande dag bestämmer om klämdagen {days}",
    "no exception decides about the bridge days {days}": "ingen avvikande dag bestämmer om klämdagarna {days}",
    "{day} ({weekday})": "{day} ({weekday})",
    "no contract covers {day}: nobody is rung from then": "inget avtal gäller {day}: ingen rings från och med då",
    "nobody is on call until {time}: this rota is skipped": (
        "ingen är i tjänst förrän {time}: jourschemat hoppas över till dess"
    ),
    "nobody is on call from {time}: this rota is skipped": (
        "ingen är i tjänst från {time}: jourschemat hoppas över från och med då"
    ),
    "the last date that anybody has decided about is {day}, nearer than {n} days; look through the year ahead": (
        "det sista datum som någon har bestämt något om är {day}, om mindre än {n} dagar; gå igenom det kommande året"
    ),
    "callers may leave a message at '{place}', and nobody has decided how long it is kept; "
    "expected 'recordings: 7 days', say, beside it": (
        "den som ringer kan lämna ett meddelande hos '{place}', och ingen har bestämt hur länge det sparas; "
        "väntade till exempel 'recordings: 7 days' bredvid"
    ),
    "a rule for {what} stands on line {line}; expected one a class": (
        "en regel för {what} står på rad {line}; väntade en för varje slag"
    ),
    "decided on {day}: nothing goes before that day": "beslutat {day}: inget gallras före den dagen",
    "{what} go with their calls after {keep} (line {line}), before their {longer} are over": (
        "{what} gallras med sina samtal efter {keep} (rad {line}), innan deras {longer} har gått"
    ),
    # Dates and times.
    "'{word}' is not a date; expected YYYY-MM-DD, such as 2026-11-23": (
        "'{word}' är inget datum; väntade ÅÅÅÅ-MM-DD, som 2026-11-23"
    ),
    "'{word}' is out of reach; expected a year from {first} to {last}": (
        "'{word}' ligger för långt bort; väntade ett år från {first} till {last}"
    ),
    "'{word}' is not in the calendar; expected a date such as 2026-11-23": (
        "'{word}' finns inte i kalendern; väntade ett datum som 2026-11-23"
    ),
    "'{text}' is not a date with a time; expected e.g. 2026-11-23 08:00": (
        "'{text}' är inget datum med klockslag; väntade t.ex. 2026-11-23 08:00"
    ),
    "'{text}' ends before it begins; expected the earlier date first": (
        "'{text}' slutar innan det börjar; väntade det tidigare datumet först"
    ),
    "'{text}' is not a day of the year; expected MM-DD, such as 06-15..08-15": (
        "'{text}' är ingen dag på året; väntade MM-DD, som 06-15..08-15"
    ),
    "'{text}' ends before it begins; expected e.g. 2026-12-24 08:00..2026-12-25 08:00": (
        "'{text}' slutar innan det börjar; väntade t.ex. 2026-12-24 08:00..2026-12-25 08:00"
    ),
    "'{text}' is no length of a shift; expected e.g. 12 hours, 1 day or 2 weeks": (
        "'{text}' är ingen längd på ett pass; väntade t.ex. 12 timmar, 1 dag eller 2 veckor"
    ),
    "'{text}' is no time to keep something; expected e.g. 30 days or 6 months": (
        "'{text}' säger inte hur länge något sparas; väntade t.ex. 30 dagar eller 6 månader"
    ),
    "{before} and {after} overlap; expected ranges that do not, such as 08:00-12:00, 13:00-17:00": (
        "{before} och {after} överlappar; väntade tider som inte gör det, som 08:00-12:00, 13:00-17:00"
    ),
    "'{text}' is not a range of times; expected e.g. 10:00-15:00, or closed{hint}": (
        "'{text}' är inga klockslag från och till; väntade t.ex. 10:00-15:00, eller closed{hint}"
    ),
    "'{text}' starts at 24:00, which is only an end; expected a start from 00:00 to 23:59": (
        "'{text}' börjar 24:00, som bara är ett slut; väntade en början från 00:00 till 23:59"
    ),
    "'{text}' ends when it starts; expected e.g. 10:00-15:00; all day is 00:00-24:00": (
        "'{text}' slutar när det börjar; väntade t.ex. 10:00-15:00; hela dygnet är 00:00-24:00"
    ),
    "there is no time {time}; expected 00:00 to 24:00": "klockslaget {time} finns inte; väntade 00:00 till 24:00",
    "'{text}' names a day twice; expected each once": "'{text}' nämner en dag två gånger; väntade var och en en gång",
    "'{text}' is no range of weekdays; expected e.g. mon-fri": (
        "'{text}' är inga veckodagar från och till; väntade t.ex. mån-fre"
    ),
    "'{word}' is no weekday; expected e.g. mon-fri or tue, thu{hint}": (
        "'{word}' är ingen veckodag; väntade t.ex. mån-fre eller tis, tors{hint}"
    ),
    "'{text}' is no weekday with a time; expected e.g. mon 09:30": (
        "'{text}' är ingen veckodag med klockslag; väntade t.ex. mån 09:30"
    ),
    "'{key}' is neither {names} nor weekdays such as mon-fri{hint}": (
        "'{key}' är varken {names} eller veckodagar som mån-fre{hint}"
    ),
    "{days} already in '{first}' on line {line}; expected each weekday once": (
        "{days} finns redan i '{first}' på rad {line}; väntade varje veckodag en gång"
    ),
    "{first}-{last}": "{first}-{last}",
    "an end at 23:59 leaves the last minute of the day closed; write 24:00": (
        "ett slut 23:59 lämnar dygnets sista minut stängd; skriv 24:00"
    ),
    "'{word}' is unknown here; expected times such as 10:00-13:00, closed or normal{hint}": (
        "'{word}' är okänt här; väntade tider som 10:00-13:00, closed eller normal{hint}"
    ),
    "there is no time zone '{word}'; expected e.g. Europe/Stockholm{hint}": (
        "tidszonen '{word}' finns inte; väntade t.ex. Europe/Stockholm{hint}"
    ),
    # Red days.
    "no holidays are known of '{country}'; expected one of {known}": (
        "inga helgdagar är kända för '{country}'; väntade ett av {known}"
    ),
    "the installed holiday data are wrong: {day} must be {expected}": (
        "de installerade helgdagarna är fel: {day} ska vara {expected}"
    ),
    "no day is called '{name}' in the next three years; the names are: {names}{hint}": (
        "ingen dag heter '{name}' de närmaste tre åren; namnen är: {names}{hint}"
    ),
    # Numbers.
    "this number already belongs to the unit '{unit}' on line {line}; expected it once": (
        "numret hör redan till enheten '{unit}' på rad {line}; väntade det en gång"
    ),
    "this number belongs to the unit '{unit}': the call would come back here; expected another one": (
        "numret hör till enheten '{unit}': samtalet skulle komma tillbaka hit; väntade ett annat"
    ),
    "a number of {country}; expected one of {allowed} (more countries: the setting 'countries')": (
        "ett nummer i {country}; väntade ett i {allowed} (fler länder: inställningen 'countries')"
    ),
    "rings a mobile without 'accept: key': its voicemail would take the call": (
        "ringer en mobil utan 'accept: key': dess röstbrevlåda skulle ta samtalet"
    ),
    "'{word}' is {kind}; such numbers are always refused": "'{word}' är {kind}; sådana nummer rings aldrig",
    **{
        f"'{{word}}' is not a valid number{too}; expected a number with its country code, such as +46 8 465 004 00": (
            f"'{{word}}' är inget giltigt nummer{svensk}; {_NUMBER}"
        )
        for too, svensk in (
            ("", ""),
            (", it is too short", ", det är för kort"),
            (", it is too long", ", det är för långt"),
        )
    },
    "'{word}' is no number; expected a number with its country code, such as +46 8 465 004 00": (
        f"'{{word}}' är inget nummer; {_NUMBER}"
    ),
    "'{word}' has no country code that exists; expected a number with its country code, such as +46 8 465 004 00": (
        f"'{{word}}' har ingen landskod som finns; {_NUMBER}"
    ),
    "'{word}' is an emergency number; a call is never sent there": (
        "'{word}' är ett nödnummer; dit skickas aldrig ett samtal"
    ),
    "'{text}' is no country; expected two letters, such as SE": "'{text}' är inget land; väntade två bokstäver, som SE",
    "'{word}' is no mail address; expected e.g. drift@example.se": (
        "'{word}' är ingen e-postadress; väntade t.ex. drift@example.se"
    ),
    # Periods that overlap.
    **{
        f"overlaps the {kind} on line {{line}}; expected each time in one of them alone": (
            f"överlappar {det} på rad {{line}}; {_ALONE}"
        )
        for kind, det in (
            ("exception", "den avvikande dagen"),
            ("contract", "avtalet"),
            ("swap", "bytet"),
            ("season", "säsongen"),
        )
    },
    "a version with the same start stands on line {line}; expected another": (
        "öppettider med samma första dag står på rad {line}; väntade en annan dag"
    ),
    "a block with the same start stands on line {line}; expected another": (
        "ett schemablock med samma början står på rad {line}; väntade en annan"
    ),
    # Names that lead somewhere.
    "; did you mean '{name}'?": "; menade du '{name}'?",
    "there is no setting '{name}' here{hint}": "inställningen '{name}' finns inte här{hint}",
    "; expected {names}": "; väntade {names}",
    "'{name}' is missing; expected it here: {doc}": "'{name}' saknas; väntade det här: {doc}",
    "no destination called '{name}'{hint}": "inget svarsställe heter '{name}'{hint}",
    "no message called '{name}'{hint}": "inget meddelande heter '{name}'{hint}",
    "no unit called '{name}'{hint}": "ingen enhet heter '{name}'{hint}",
    "no person called '{name}'{hint}": "ingen person heter '{name}'{hint}",
    "no person or rota called '{name}'{hint}": "varken någon person eller något jourschema heter '{name}'{hint}",
    "the unit on line {line} has the same name; expected a destination called differently": (
        "enheten på rad {line} heter likadant; väntade ett svarsställe med ett annat namn"
    ),
    "the person on line {line} has the same name; expected a rota called differently": (
        "personen på rad {line} heter likadant; väntade ett jourschema med ett annat namn"
    ),
    # Routes.
    "rings nobody and has no message; expected 'ring', 'contracts' or 'message'": (
        "ringer ingen och har inget meddelande; väntade 'ring', 'contracts' eller 'message'"
    ),
    "'together' and 'accept: key' exclude each other: the first to pick up, even a voicemail, silences the "
    "others before anybody can press a key; expected one of the two": (
        "'together' och 'accept: key' går inte ihop: den första som lyfter luren, även en röstbrevlåda, tystar de "
        "andra innan någon hinner trycka; väntade ett av dem"
    ),
    "rings more than {most} at once; expected at most {most}": (
        "ringer fler än {most} på en gång; väntade högst {most}"
    ),
    "a call would go round for ever: {way}": "ett samtal skulle gå runt för alltid: {way}",
    "leads through {n} destinations; expected at most {most}: {way}": (
        "leder genom {n} svarsställen; väntade högst {most}: {way}"
    ),
    "reaches neither a human nor a message: {way}": "når varken en människa eller ett meddelande: {way}",
    # Messages.
    "has both 'play' and texts; expected one file, or a text for each language": (
        "har både 'play' och texter; väntade en fil, eller en text på varje språk"
    ),
    "has no Swedish text; expected 'sv: …', for the country is SE": (
        "har ingen svensk text; väntade 'sv: …', för landet är SE"
    ),
    "'{text}' is no address of a file; expected https://…/file.mp3": (
        "'{text}' är ingen adress till en fil; väntade https://…/fil.mp3"
    ),
    "'{word}' is no language that can be spoken; expected {known}, or play{hint}": (
        "'{word}' är inget språk som kan talas; väntade {known}, eller play{hint}"
    ),
    "'{word}' is no key of a menu; expected 1 to 9": "'{word}' är ingen knapp i ett knappval; väntade 1 till 9",
    # Texts.
    "nothing stands here; expected {expected}": "här står ingenting; väntade {expected}",
    "{kind} stands here; expected {expected}": "här står {kind}; väntade {expected}",
    "the text ends at '{text}', for ' #' begins a comment; use quotes if it goes on": (
        "texten slutar vid '{text}', för ' #' börjar en kommentar; sätt citattecken om den fortsätter"
    ),
    "has {n} characters; expected at most {most}": "har {n} tecken; väntade högst {most}",
    "the name has {n} characters; expected at most {most}": "namnet har {n} tecken; väntade högst {most}",
    "the name '{word}' begins with '{first}'; expected a letter, so that no number looks like it": (
        "namnet '{word}' börjar med '{first}'; väntade en bokstav, så att det inte liknar ett nummer"
    ),
    "'{word}' is unknown here; expected {words}{hint}": "'{word}' är okänt här; väntade {words}{hint}",
    "'{text}' is neither yes nor no; expected yes or no": "'{text}' är varken ja eller nej; väntade ja eller nej",
    "'{word}' is not a whole number from {least} to {most}": "'{word}' är inget heltal från {least} till {most}",
    "'{text}' is no share and seconds; expected e.g. 80% 30s": (
        "'{text}' är ingen andel med sekunder; väntade t.ex. 80% 30s"
    ),
    "nothing stands here; expected a value": "här står ingenting; väntade ett värde",
    "a character stands here that nobody sees ({code}); expected plain text": (
        "här står ett tecken som ingen ser ({code}); väntade vanlig text"
    ),
}
