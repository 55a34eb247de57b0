"""Every error has its line, the path in words, what was found, what is expected, and the nearest name."""

import pytest

from callrouter.schedule import ScheduleErrors, load, read
from tests.schedule.files import EXAMPLE, NOW, SHORT, changed, errors

EXCLUDES = (
    "'together' and 'accept: key' exclude each other: the first to pick up, even a voicemail, silences the others "
    "before anybody can press a key; expected one of the two"
)

IN_EXAMPLE = [
    # Names that lead nowhere.
    (
        ("then: duty-officer", "then: duty-oficer"),
        "line 87: destinations > security > then: no destination called 'duty-oficer'; did you mean 'duty-officer'?",
    ),
    (
        ("closed: security\n    message", "closed: nobody\n    message"),
        "line 36: units > trygghetscenter > closed: no destination called 'nobody'",
    ),
    (
        ("message: closed ", "message: close "),
        "line 37: units > trygghetscenter > message: no message called 'close'; did you mean 'closed'?",
    ),
    (
        ("2: fältgruppen", "2: faltgruppen"),
        "line 40: units > trygghetscenter > menu > keys > 2: no unit called 'faltgruppen'; did you mean 'fältgruppen'?",
    ),
    (
        ("ring: [nordvakt,", "ring: [nordvak,"),
        (
            "line 85: destinations > security > contracts > item 2 > ring > item 1: "
            "no person or rota called 'nordvak'; did you mean 'nordvakt'?"
        ),
    ),
    (
        ("people: [anna, bo]", "people: [anna, boo]"),
        "line 97: rotas > nordvakt > item 1 > people > item 2: no person called 'boo'; did you mean 'bo'?",
    ),
    (
        ("person: cilla", "person: nordvakt"),
        "line 103: rotas > nordvakt > item 2 > swaps > item 1 > person: no person called 'nordvakt'",
    ),
    (
        ("destination: security, at", "destination: securty, at"),
        "line 131: test-calls > item 1 > destination: no destination called 'securty'; did you mean 'security'?",
    ),
    # Texts that mean nothing where they stand.
    (
        ("timezone: Europe/Stockholm", "timezone: Europe/Stokholm"),
        (
            "line 6: timezone: there is no time zone 'Europe/Stokholm'; expected e.g. Europe/Stockholm; "
            "did you mean 'Europe/Stockholm'?"
        ),
    ),
    (("version: 1", "version: 2"), "line 5: version: '2' is unknown here; expected 1"),
    (
        ("country: SE ", "country: SEE "),
        "line 9: holidays > country: 'SEE' is no country; expected two letters, such as SE",
    ),
    (
        ("from: 2005-06-01", "from: 2005-02-30"),
        (
            "line 20: units > trygghetscenter > hours > item 1 > from: '2005-02-30' is not in the calendar; "
            "expected a date such as 2026-11-23"
        ),
    ),
    (
        ("from: 2005-06-01", "from: 1 juni 2005"),
        (
            "line 20: units > trygghetscenter > hours > item 1 > from: '1 juni 2005' is not a date; "
            "expected YYYY-MM-DD, such as 2026-11-23"
        ),
    ),
    (
        ("mon-fri: 10:00-15:00", "mon-fri: 10:00-10:00"),
        (
            "line 21: units > trygghetscenter > hours > item 1 > mon-fri: '10:00-10:00' ends when it starts; "
            "expected e.g. 10:00-15:00; all day is 00:00-24:00"
        ),
    ),
    (
        ("08:00-12:00, 13:00-17:00", "08:00-12:00, 11:00-17:00"),
        (
            "line 23: units > trygghetscenter > hours > item 2 > mon-thu: 08:00-12:00 and 11:00-17:00 overlap; "
            "expected ranges that do not, such as 08:00-12:00, 13:00-17:00"
        ),
    ),
    (
        ("hours: closed", "hours: close"),
        (
            "line 33: units > trygghetscenter > exceptions > item 2 > hours: 'close' is not a range of times; "
            "expected e.g. 10:00-15:00, or closed; did you mean 'closed'?"
        ),
    ),
    (
        ("period: 06-15..08-15", "period: 06-15..08-32"),
        (
            "line 26: units > trygghetscenter > seasons > item 1 > period: '08-32' is not a day of the year; "
            "expected MM-DD, such as 06-15..08-15"
        ),
    ),
    (
        ("2026-12-28..2026-12-30", "2026-12-30..2026-12-28"),
        (
            "line 32: units > trygghetscenter > exceptions > item 2 > period: '2026-12-30..2026-12-28' ends before it "
            "begins; expected the earlier date first"
        ),
    ),
    (
        ("keys: {1: t", "keys: {0: t"),
        "line 40: units > trygghetscenter > menu > keys > 0: '0' is no key of a menu; expected 1 to 9",
    ),
    (
        ("holidays: ignore", "holidays: ignored"),
        (
            "line 48: units > fältgruppen > holidays: 'ignored' is unknown here; expected ignore, ignorera; "
            "did you mean 'ignore'?"
        ),
    ),
    (
        ("privacy: hash", "privacy: hashed"),
        (
            "line 54: units > brottsofferstöd > privacy: 'hashed' is unknown here; expected full, hash; "
            "did you mean 'hash'?"
        ),
    ),
    (
        ("hours: always", "hours: allways"),
        "line 63: units > larm > hours: 'allways' is unknown here; expected always, alltid; did you mean 'always'?",
    ),
    (
        ("together: yes ", "together: maybe "),
        "line 70: destinations > reception > together: 'maybe' is neither yes nor no; expected yes or no",
    ),
    (
        ("seconds: 20 ", "seconds: 121 "),
        "line 71: destinations > reception > seconds: '121' is not a whole number from 5 to 120",
    ),
    (("rounds: 2", "rounds: 6"), "line 86: destinations > security > rounds: '6' is not a whole number from 1 to 5"),
    (
        ("accept: key               ", "accept: keys "),
        "line 76: destinations > security > accept: 'keys' is unknown here; expected key; did you mean 'key'?",
    ),
    (
        ("caller-id: own ", "caller-id: ours "),
        "line 77: destinations > security > caller-id: 'ours' is unknown here; expected own, caller",
    ),
    (
        ("answer-within: 80% 30s", "answer-within: 30s"),
        (
            "line 84: destinations > security > contracts > item 2 > answer-within: '30s' is no share and seconds; "
            "expected e.g. 80% 30s"
        ),
    ),
    (
        ("start: 2008-06-02 08:00", "start: 2008-06-02"),
        (
            "line 95: rotas > nordvakt > item 1 > start: '2008-06-02' is not a date with a time; "
            "expected e.g. 2026-11-23 08:00"
        ),
    ),
    (
        ("shift: 1 week", "shift: 1 fortnight"),
        (
            "line 96: rotas > nordvakt > item 1 > shift: '1 fortnight' is no length of a shift; "
            "expected e.g. 12 hours, 1 day or 2 weeks"
        ),
    ),
    (
        ("2026-12-24 08:00..2026-12-25 08:00", "2026-12-24 08:00..2026-12-24 08:00"),
        (
            "line 102: rotas > nordvakt > item 2 > swaps > item 1 > period: '2026-12-24 08:00..2026-12-24 08:00' ends "
            "before it begins; expected e.g. 2026-12-24 08:00..2026-12-25 08:00"
        ),
    ),
    (
        ("en: Welcome", "gb: Welcome"),
        (
            "line 116: messages > menu > gb: 'gb' is no language that can be spoken; expected ar, da, de, en, es, "
            "fi, fr, nb, pl, sv, or play; "
            "did you mean 'en'?"
        ),
    ),
    (
        ("[drift@example.se]", "[drift@example]"),
        "line 124: notify > warnings > item 1: 'drift@example' is no mail address; expected e.g. drift@example.se",
    ),
    (
        ("at: mon 09:30", "at: mon 25:30"),
        "line 131: test-calls > item 1 > at: there is no time 25:30; expected 00:00 to 24:00",
    ),
    (
        ("what: numbers", "what: number"),
        (
            "line 134: retention > item 1 > what: 'number' is unknown here; expected numbers, notes, recordings, "
            "events, calls; did you mean 'numbers'?"
        ),
    ),
    (
        ("keep: 6 months", "keep: 6 moons"),
        (
            "line 134: retention > item 1 > keep: '6 moons' is no time to keep something; "
            "expected e.g. 30 days or 6 months"
        ),
    ),
    # Numbers.
    (
        ("+46 70 174 06 22", "+1 900 555 0143"),
        "line 107: people > bo: '+1 900 555 0143' is a premium-rate number; such numbers are always refused",
    ),
    (
        ("+46 70 174 06 22", "+46 77 000 00 00"),
        "line 107: people > bo: '+46 77 000 00 00' is a shared-cost number; such numbers are always refused",
    ),
    (("+46 70 174 06 22", "112"), "line 107: people > bo: '112' is an emergency number; a call is never sent there"),
    (
        ("+46 70 174 06 22", "+46112"),
        "line 107: people > bo: '+46112' is an emergency number; a call is never sent there",
    ),
    (
        ("+46 70 174 06 22", "070-174 06 22"),
        (
            "line 107: people > bo: '070-174 06 22' is no number; expected a number with its country code, "
            "such as +46 8 465 004 00"
        ),
    ),
    (
        ("+46 70 174 06 22", "+46 70 174 06"),
        (
            "line 107: people > bo: '+46 70 174 06' is not a valid number; expected a number with its country code, "
            "such as +46 8 465 004 00"
        ),
    ),
    (
        ("+46 70 174 06 22", "+44 20 7946 0000"),
        "line 107: people > bo: a number of GB; expected one of SE (more countries: the setting 'countries')",
    ),
    (
        ("[+46 8 465 004 60]", "[+46 8 465 004 50]"),
        (
            "line 53: units > brottsofferstöd > numbers > item 1: this number already belongs to the unit "
            "'fältgruppen' on line 43; expected it once"
        ),
    ),
    (
        ("+46 70 174 06 22", "+46 8 465 004 00"),
        (
            "line 107: people > bo: this number belongs to the unit 'trygghetscenter': the call would come back here; "
            "expected another one"
        ),
    ),
    # Settings and names that nobody knows, or that stand twice.
    (
        ("  closed: security\n    message", "  closd: security\n    message"),
        "line 36: units > trygghetscenter > closd: there is no setting 'closd' here; did you mean 'closed'?",
    ),
    (("review:", "reveiw:"), "line 126: reveiw: there is no setting 'reveiw' here; did you mean 'review'?"),
    (
        ("mon-fri: 10:00-14:00", "mon-frj: 10:00-14:00"),
        (
            "line 27: units > trygghetscenter > seasons > item 1 > mon-frj: 'mon-frj' is neither 'period' nor weekdays "
            "such as mon-fri; did you mean 'mon'?"
        ),
    ),
    (
        ("    open: reception", "    open: reception\n    open: reception"),
        "line 36: units > trygghetscenter > open: 'open' stands twice, on line 35 and on line 36; keep one of them",
    ),
    (
        ("nationaldagen: normal", "nationaldagen: norml"),
        (
            "line 13: holidays > days > nationaldagen: 'norml' is unknown here; expected times such as 10:00-13:00, "
            "closed or normal; did you mean 'normal'?"
        ),
    ),
    (
        ("tue, thu: 13:00-16:00", "tue, thu: 13:00-16:00\n        tis: 10-12"),
        (
            "line 58: units > brottsofferstöd > hours > item 1 > tis: tue already in 'tue, thu' on line 57; "
            "expected each weekday once"
        ),
    ),
    (
        ("  reception:\n", "  larm: {ring: [+46 8 465 004 12]}\n  reception:\n"),
        (
            "line 68: destinations > larm: the unit on line 61 has the same name; expected a destination "
            "called differently"
        ),
    ),
    (
        ("  anna: +46 70 174 06 11", "  nordvakt: +46 8 465 004 13\n  anna: +46 70 174 06 11"),
        "line 94: rotas > nordvakt: the person on line 106 has the same name; expected a rota called differently",
    ),
    (
        ("  bo: +46 70 174 06 22", "  bo: +46 70 174 06 22\n  2bo: +46 70 174 06 22"),
        "line 108: people > 2bo: the name '2bo' begins with '2'; expected a letter, so that no number looks like it",
    ),
    # Rules that exclude each other.
    (
        ("from: 2007-02-01            # ext", "from: 2005-06-01            # ext"),
        (
            "line 22: units > trygghetscenter > hours > item 2 > from: a version with the same start stands on line "
            "20; expected another"
        ),
    ),
    (
        ("- period: 2026-11-06", "- period: 2026-11-06..2026-12-28"),
        (
            "line 32: units > trygghetscenter > exceptions > item 2 > period: overlaps the exception on line 29; "
            "expected each time in one of them alone"
        ),
    ),
    (
        ("period: 2008-06-01..\n", "period: 2008-05-31..\n"),
        (
            "line 82: destinations > security > contracts > item 2 > period: overlaps the contract on line 79; "
            "expected each time in one of them alone"
        ),
    ),
    (
        ("    exceptions:", "      - period: 08-15..08-20\n        mon: 10-11\n    exceptions:"),
        (
            "line 28: units > trygghetscenter > seasons > item 2 > period: overlaps the season on line 26; "
            "expected each time in one of them alone"
        ),
    ),
    (
        ("    caller-id: own", "    together: yes\n    caller-id: own"),
        f"line 77: destinations > security > together: {EXCLUDES}",
    ),
    (
        ("accept: key, then: message-only}", "accept: key, then: security}"),
        (
            "line 88: destinations > duty-officer > then: a call would go round for ever: "
            "security > duty-officer > security"
        ),
    ),
    (
        ("    message: no-answer              # last stop: apologise,\n", ""),
        (
            "line 89: destinations > message-only: rings nobody and has no message; "
            "expected 'ring', 'contracts' or 'message'"
        ),
    ),
    (
        (
            "ring: [+46 8 465 004 10, +46 8 465 004 11]",
            f"ring: [{', '.join(f'+46 8 465 004 {n}' for n in range(10, 21))}]",
        ),
        "line 70: destinations > reception > together: rings more than 10 at once; expected at most 10",
    ),
    (
        (
            (
                "    sv: Välkommen till Trygghetscenter. Tryck 1 för receptionen, 2 för fältgruppen, 3 för stöd "
                "till brottsoffer.\n"
            ),
            "",
        ),
        "line 114: messages > menu: has no Swedish text; expected 'sv: …', for the country is SE",
    ),
    (
        ("    sv: Välkommen", "    play: https://example.se/x.mp3\n    sv: Välkommen"),
        "line 114: messages > menu: has both 'play' and texts; expected one file, or a text for each language",
    ),
]


@pytest.mark.parametrize(("edit", "expected"), IN_EXAMPLE)
def test_a_mistake_in_the_example(edit: tuple[str, str], expected: str) -> None:
    assert errors(changed(EXAMPLE, edit)) == [expected]


IN_SHORT = [
    (
        ("units:", "messages: {hello: {play: http://example.se/x.mp3}}\nunits:"),
        (
            "line 3: messages > hello > play: 'http://example.se/x.mp3' is no address of a file; "
            "expected https://…/file.mp3"
        ),
    ),
    (
        ("timezone: Europe/Stockholm\n", ""),
        "line 1: 'timezone' is missing; expected it here: the zone of all times: Europe/Stockholm",
    ),
    (
        ("    open: desk\n", ""),
        "line 4: units > centre: 'open' is missing; expected it here: the destination while the unit is open",
    ),
    (
        ("      - from: 2020-01-01\n        mon-fri: 10:00-15:00\n", "      - mon-fri: 10:00-15:00\n"),
        (
            "line 7: units > centre > hours > item 1: 'from' is missing; "
            "expected it here: the first day on which this week holds"
        ),
    ),
    (
        ("\n      - from: 2020-01-01\n        mon-fri: 10:00-15:00\n", " {mon-fri: 10:00-15:00}\n"),
        (
            "line 6: units > centre > hours: a block of settings stands here; "
            "expected always, or a list of versions that begin with 'from: YYYY-MM-DD'"
        ),
    ),
    (
        ("numbers: [+46 8 465 004 00]", "numbers: []"),
        "line 5: units > centre > numbers: nothing stands here; expected the numbers that belong to this unit",
    ),
    (
        ("numbers: [+46 8 465 004 00]", "numbers:"),
        "line 5: units > centre > numbers: nothing stands here; expected the numbers that belong to this unit",
    ),
    (("open: desk", "open: [desk]"), "line 9: units > centre > open: a list stands here; expected a name"),
    (
        (
            "{ring: [+46 31 390 06 10]}",
            "{contracts: [{period: 2020-01-01..2025-12-31, company: X, ring: [+46 31 390 06 10]}]}",
        ),
        "line 10: units > centre > closed: reaches neither a human nor a message: guard",
    ),
    (
        ("{ring: [+46 31 390 06 10]}", "{ring: [+46 31 390 06 10], then: guard}"),
        "line 13: destinations > guard > then: a call would go round for ever: guard > guard",
    ),
    (
        ("desk: {ring: [+46 8 465 004 10], then: guard}", "desk: +46 8 465 004 10"),
        "line 12: destinations > desk: a text stands here; expected a destination with ring, contracts or message",
    ),
]


@pytest.mark.parametrize(("edit", "expected"), IN_SHORT)
def test_a_mistake_in_a_short_file(edit: tuple[str, str], expected: str) -> None:
    assert errors(changed(SHORT, edit)) == [expected]


def test_a_route_may_not_be_longer_than_a_call() -> None:
    chain = "".join(f"  d{n}: {{ring: [+46 8 465 004 {n}], then: d{n + 1}}}\n" for n in range(10, 20))
    text = changed(SHORT, ("then: guard}", "then: d10}")) + chain + "  d20: {ring: [+46 8 465 004 20]}\n"
    route = " > ".join(["desk", *(f"d{n}" for n in range(10, 21))])
    assert errors(text) == [
        f"line 9: units > centre > open: leads through 12 destinations; expected at most 10: {route}"
    ]


def test_a_period_inside_another_does_not_hide_it() -> None:
    periods = ("2026-12-01..2026-12-20", "2026-12-02..2026-12-03", "2026-12-10")
    rules = "".join(f"      - {{period: {period}, hours: closed}}\n" for period in periods)
    text = changed(SHORT, ("    open: desk\n", f"    exceptions:\n{rules}    open: desk\n"))
    assert [line.split(": ")[2] for line in errors(text)] == [
        "overlaps the exception on line 10; expected each time in one of them alone"
    ] * 2


def test_all_errors_come_at_once_in_the_order_of_the_file() -> None:
    apart = [
        *(
            ("then: duty-officer", "then: x"),
            ("timezone: Europe/Stockholm", "timezone: x"),
            ("seconds: 20", "seconds: x"),
        ),
        *(("version: 1", "version: x"), ("privacy: hash", "privacy: x"), ("rounds: 2", "rounds: x")),
        *(("country: SE", "country: x"), ("shift: 1 week", "shift: x"), ("  bo: +46", "  bo: x"), ("at: mon", "at: x")),
        *(
            ("mon-fri: 10:00-15:00", "mon-fri: x"),
            ("hours: always", "hours: x"),
            ("review:", "x:"),
            ("keep: 6", "keep: x"),
        ),
    ]
    lines = [problem.line for problem in read(changed(EXAMPLE, *apart), NOW).errors]
    assert lines == [5, 6, 9, 21, 54, 63, 71, 86, 87, 96, 107, 126, 131, 134]


def test_the_exception_lists_every_error_a_line_each() -> None:
    broken = changed(SHORT, ("open: desk", "open: dsk"), ("closed: guard", "closed: gard"))
    with pytest.raises(ScheduleErrors) as caught:
        load(broken, at=NOW)
    assert [problem.line for problem in caught.value.errors] == [9, 10]
    assert str(caught.value).splitlines() == errors(broken)


def test_an_unreadable_block_is_missed_by_nobody() -> None:
    """Only the cause is told, not everything that speaks of what stands in the block."""
    told = errors(SHORT.replace("destinations:\n", "destinations: none\nx:\n"))
    assert told[0] == ("line 11: destinations: a text stands here; expected destinations, each under its name")
    assert not any("no destination called" in line for line in told)
