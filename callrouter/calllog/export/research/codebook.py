"""What the columns of a research export mean, and what was done to them: in Swedish and in English."""

from collections.abc import Iterator, Sequence
from datetime import timedelta, tzinfo

from callrouter.calllog.export.research.coarse import (
    ANSWER_STEP,
    LONGEST_ANSWER,
    LONGEST_TALK,
    MOST_PHONES,
    QUASI,
    TALK_STEP,
    TOLD,
)
from callrouter.calllog.export.research.scratch import ENOUGH, LADDER
from callrouter.calllog.windows import Bounds
from callrouter.domain.words import Disposition

HEADING = ("column", "betydelse", "meaning", "values", "unit", "quasi_identifier")

_DISPOSITIONS = ", ".join(each for each in Disposition if each is not Disposition.IN_PROGRESS)
"""A call that is in progress is not exported."""

_COLUMNS = (
    ("unit", "Enheten som samtalet gällde", "The service the call was for", "name, or none", ""),
    ("year", "År enligt ISO 8601, lokal tid", "Year by ISO 8601, local time", "such as 2026", "year"),
    ("quarter", "Kvartal: 13 ISO-veckor", "Quarter: 13 ISO weeks", "1-4", "quarter"),
    ("week", "Vecka enligt ISO 8601", "Week by ISO 8601", "1-53", "week"),
    ("weekday", "Veckodag, 1 är måndag", "Weekday, 1 is Monday", "1-7", "day"),
    ("hour", "Timme då samtalet kom, lokal tid", "Hour in which the call came, local time", "0-23", "hour"),
    ("state", "Om enheten själv tog samtal", "Whether the unit took its calls itself", "open, closed, none", ""),
    ("disposition", "Hur samtalet slutade", "How the call ended", _DISPOSITIONS, ""),
    (
        "caller",
        "Pseudonym: uppringaren har samma där samma kolumner är utelämnade; tom om numret är skyddat eller raderat",
        "Pseudonym: a caller has the same where the same columns are suppressed; blank: withheld or erased",
        "16 letters",
        "",
    ),
    ("answered_by", "Vem som svarade", "Who answered", "desk, company, nobody", ""),
    ("phones_rung", "Antal telefoner som ringde", "Phones that were rung", f"0-{MOST_PHONES} (or more)", "phones"),
    (
        "seconds_to_answer",
        "Från ankomst till svar; tom om ingen svarade",
        "From arrival to answer; blank if nobody answered",
        f"to the nearest {ANSWER_STEP}, at most {LONGEST_ANSWER}",
        "s",
    ),
    (
        "talked_seconds",
        "Samtalstid; tom om ingen svarade",
        "Talk time; blank if nobody answered",
        f"to the nearest {TALK_STEP}, at most {LONGEST_TALK}",
        "s",
    ),
)

_BLANK = {name: ("; tom: utelämnad", "; blank: suppressed") for name in QUASI if name not in LADDER[-1]}
_BLANK |= dict.fromkeys(TOLD, ("; tom också där state är utelämnad", "; blank also where state is suppressed"))
"""What a blank cell means; a column of neither is never blank."""


def codebook() -> Iterator[tuple[str, ...]]:
    """A row for each column."""
    for name, swedish, english, *rest in _COLUMNS:
        in_swedish, in_english = _BLANK.get(name, ("", ""))
        yield (name, swedish + in_swedish, english + in_english, *rest, "yes" if name in QUASI else "no")


def about(period: Bounds, zone: tzinfo, counts: Sequence[int], withheld: int) -> str:
    """What the export holds and what it hides; *counts*: the calls on each rung of the LADDER."""
    start, end = period[0].astimezone(zone), (period[1] - timedelta.resolution).astimezone(zone)
    dates = f"{start:%Y-%m-%d} – {end:%Y-%m-%d}, {zone}"
    rungs = "\n".join(
        f"| {', '.join(name for name in QUASI if name not in kept) or '–'} | {count} |"
        for kept, count in zip(LADDER, counts, strict=True)
    )
    return _ABOUT.format(dates=dates, rungs=rungs, withheld=_few(withheld), enough=ENOUGH)


def _few(count: int) -> str:
    """A count under five is a small cell itself."""
    return str(count) if count == 0 or count >= ENOUGH else f"1–{ENOUGH - 1}"


_ABOUT = """\
# Samtal för forskning / Calls for research

{dates}

## Svenska

- En rad i `calls.csv` är ett samtal. Kolumnerna förklaras i `codebook.csv`. UTF-8, semikolon; `sha256sum -c SHA256SUMS`
  visar att inget har ändrats.
- Inga nummer, namn, samtals-id eller klockslag. Tiden är avrundad till timme, veckodag och ISO-vecka, lokal tid.
- Varje kombination av de kolumner som `codebook.csv` kallar `quasi_identifier` delas av minst {enough} samtal och, så
  långt uppringare kan skiljas åt, minst {enough} uppringare. Där de är färre är värden utelämnade (tomma), i ordningen
  nedan; den sista raden säger hur många samtal som utelämnats helt. Inga summor lämnas ut: med dem kunde det
  utelämnade räknas fram.
- Det utelämnade ska inte heller kunna läsas ut på annat vis. Samma uppringare har olika pseudonym i rader där olika
  kolumner är utelämnade, så att ingen rad leder till en annan som säger mer. Där `state` är utelämnat är också allt
  utom enhet och avslut det, för vem som svarar och hur snart följer av det. Om någon ringt tillbaka står inte.
- Nycklarna till pseudonymerna slumpades för detta uttag och finns inte kvar. De kan inte jämföras med ett annat uttags.
- Vad som inte skyddas: den som ringt många gånger kan ha ett mönster som någon känner igen. Den som vet när ett schema
  ändrades kan av vem som svarade och hur många telefoner som ringde gissa om ett samtal kom före eller efter. Två uttag
  som överlappar varandra kan jämföras. Behandla filen som personuppgifter.

## English

- A row of `calls.csv` is a call. `codebook.csv` explains the columns. UTF-8, semicolons; `sha256sum -c SHA256SUMS`
  shows that nothing was changed.
- No numbers, names, ids of calls or times of the clock. Times are coarsened to the hour, the weekday and the ISO week,
  local time.
- Each combination of the columns that `codebook.csv` calls `quasi_identifier` is shared by at least {enough} calls and,
  as far as callers can be told apart, at least {enough} callers. Where there are fewer, values are blank, in the order
  below; the last row says how many calls were left out altogether. No totals are given: with them what was left out
  could be computed.
- Nor can what was left out be read from what stands beside it. A caller has another pseudonym in rows where other
  columns are blank, so that no row leads to one that tells more. Where `state` is blank, so is all but the unit and the
  disposition, for who answers, and how soon, follows from it. Whether somebody called again is not told.
- The keys of the pseudonyms were drawn for this export and are gone. They cannot be compared with those of another one.
- What is not protected: who called many times may have a pattern that somebody recognises. Who knows when a schedule
  changed may guess from who answered and how many phones rang whether a call came before or after. Two exports that
  overlap can be compared. Treat the file as personal data.

| Utelämnat / Left blank | Samtal / Calls |
|---|---|
{rungs}
| allt / all | {withheld} |
"""
