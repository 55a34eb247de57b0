"""Slips in the example and in the short file, each an edit, with its error: numbers, settings, rules."""

EXCLUDES = (
    "'together' and 'accept: key' exclude each other: the first to pick up, even a voicemail, silences the others "
    "before anybody can press a key; expected one of the two"
)

OF_RULES = [
    # Numbers.
    (
        ("+46 70 174 06 22", "+1 900 555 0143"),
        "line 110: people > bo: '+1 900 555 0143' is a premium-rate number; such numbers are always refused",
    ),
    (
        ("+46 70 174 06 22", "+46 77 000 00 00"),
        "line 110: people > bo: '+46 77 000 00 00' is a shared-cost number; such numbers are always refused",
    ),
    (("+46 70 174 06 22", "112"), "line 110: people > bo: '112' is an emergency number; a call is never sent there"),
    (
        ("+46 70 174 06 22", "+46112"),
        "line 110: people > bo: '+46112' is an emergency number; a call is never sent there",
    ),
    (
        ("+46 70 174 06 22", "070-174 06 22"),
        (
            "line 110: people > bo: '070-174 06 22' is no number; expected a number with its country code, "
            "such as +46 8 465 004 00"
        ),
    ),
    (
        ("+46 70 174 06 22", "+46 70 174 06"),
        (
            "line 110: people > bo: '+46 70 174 06' is not a valid number; expected a number with its country code, "
            "such as +46 8 465 004 00"
        ),
    ),
    (
        ("+46 70 174 06 22", "+44 20 7946 0000"),
        "line 110: people > bo: a number of GB; expected one of SE (more countries: the setting 'countries')",
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
            "line 110: people > bo: this number belongs to the unit 'trygghetscenter': the call would come back here; "
            "expected another one"
        ),
    ),
    # Settings and names that nobody knows, or that stand twice.
    (
        ("  closed: security\n    message", "  closd: security\n    message"),
        "line 36: units > trygghetscenter > closd: there is no setting 'closd' here; did you mean 'closed'?",
    ),
    (("review:", "reveiw:"), "line 129: reveiw: there is no setting 'reveiw' here; did you mean 'review'?"),
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
        "line 97: rotas > nordvakt: the person on line 109 has the same name; expected a rota called differently",
    ),
    (
        ("  bo: +46 70 174 06 22", "  bo: +46 70 174 06 22\n  2bo: +46 70 174 06 22"),
        "line 111: people > 2bo: the name '2bo' begins with '2'; expected a letter, so that no number looks like it",
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
            "line 84: destinations > security > contracts > item 2 > period: overlaps the contract on line 81; "
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
        f"line 79: destinations > security > together: {EXCLUDES}",
    ),
    (
        ("accept: key, then: message-only}", "accept: key, then: security}"),
        (
            "line 90: destinations > duty-officer > then: a call would go round for ever: "
            "security > duty-officer > security"
        ),
    ),
    (
        ("    message: no-answer              # last stop: apologise,\n", ""),
        (
            "line 91: destinations > message-only: rings nobody and has no message; "
            "expected 'ring', 'contracts' or 'message'"
        ),
    ),
    (
        (
            "ring: [+46 8 465 004 10, +46 8 465 004 11]",
            f"ring: [{', '.join(f'+46 8 465 004 {n}' for n in range(10, 21))}]",
        ),
        "line 71: destinations > reception > together: rings more than 10 at once; expected at most 10",
    ),
    (
        (
            (
                "    sv: Välkommen till Trygghetscenter. Tryck 1 för receptionen, 2 för fältgruppen, 3 för stöd "
                "till brottsoffer.\n"
            ),
            "",
        ),
        "line 117: messages > menu: has no Swedish text; expected 'sv: …', for the country is SE",
    ),
    (
        ("    sv: Välkommen", "    play: https://example.se/x.mp3\n    sv: Välkommen"),
        "line 117: messages > menu: has both 'play' and texts; expected one file, or a text for each language",
    ),
]

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
