"""Slips in the example file, each an edit, with the error that it must give: names and texts."""

OF_WORDS = [
    # Names that lead nowhere.
    (
        ("then: duty-officer", "then: duty-oficer"),
        "line 89: destinations > security > then: no destination called 'duty-oficer'; did you mean 'duty-officer'?",
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
            "line 87: destinations > security > contracts > item 2 > ring > item 1: "
            "no person or rota called 'nordvak'; did you mean 'nordvakt'?"
        ),
    ),
    (
        ("people: [anna, bo]", "people: [anna, boo]"),
        "line 100: rotas > nordvakt > item 1 > people > item 2: no person called 'boo'; did you mean 'bo'?",
    ),
    (
        ("person: cilla", "person: nordvakt"),
        "line 106: rotas > nordvakt > item 2 > swaps > item 1 > person: no person called 'nordvakt'",
    ),
    (
        ("destination: security, at", "destination: securty, at"),
        "line 134: test-calls > item 1 > destination: no destination called 'securty'; did you mean 'security'?",
    ),
    # Texts that mean nothing where they stand.
    (
        ("company: Nordbevakning AB", 'company: "Nordbevakning\\0 AB"'),
        (
            "line 85: destinations > security > contracts > item 2 > company: "
            "a character stands here that nobody sees (U+0000); expected plain text"
        ),
    ),
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
        ("privacy: hash", "privacy: hash\n    missed-call: stöd"),
        (
            "line 55: units > brottsofferstöd > missed-call: 'stöd' is no number; expected a number with its country "
            "code, such as +46 8 465 004 00"
        ),
    ),
    (
        ("privacy: hash", "privacy: hash\n    missed-call: stod@example"),
        (
            "line 55: units > brottsofferstöd > missed-call: 'stod@example' is no mail address; expected e.g. "
            "drift@example.se"
        ),
    ),
    (
        ("privacy: hash", "privacy: hash\n    missed-call: [+44 20 7946 0000]"),
        (
            "line 55: units > brottsofferstöd > missed-call > item 1: a number of GB; expected one of SE "
            "(more countries: the setting 'countries')"
        ),
    ),
    (
        ("privacy: hash", "privacy: hash\n    recordings: 7 years or so"),
        (
            "line 55: units > brottsofferstöd > recordings: '7 years or so' is no time to keep something; "
            "expected e.g. 30 days or 6 months"
        ),
    ),
    (
        ("hours: always", "hours: allways"),
        "line 63: units > larm > hours: 'allways' is unknown here; expected always, alltid; did you mean 'always'?",
    ),
    (
        ("together: yes ", "together: maybe "),
        "line 71: destinations > reception > together: 'maybe' is neither yes nor no; expected yes or no",
    ),
    (
        ("seconds: 20 ", "seconds: 121 "),
        "line 72: destinations > reception > seconds: '121' is not a whole number from 5 to 120",
    ),
    (("rounds: 2", "rounds: 6"), "line 88: destinations > security > rounds: '6' is not a whole number from 1 to 5"),
    (
        ("accept: key               ", "accept: keys "),
        "line 78: destinations > security > accept: 'keys' is unknown here; expected key; did you mean 'key'?",
    ),
    (
        ("caller-id: own ", "caller-id: ours "),
        "line 79: destinations > security > caller-id: 'ours' is unknown here; expected own, caller",
    ),
    (
        ("answer-within: 80% 30s", "answer-within: 30s"),
        (
            "line 86: destinations > security > contracts > item 2 > answer-within: '30s' is no share and seconds; "
            "expected e.g. 80% 30s"
        ),
    ),
    (
        ("start: 2008-06-02 08:00", "start: 2008-06-02"),
        (
            "line 98: rotas > nordvakt > item 1 > start: '2008-06-02' is not a date with a time; "
            "expected e.g. 2026-11-23 08:00"
        ),
    ),
    (
        ("shift: 1 week", "shift: 1 fortnight"),
        (
            "line 99: rotas > nordvakt > item 1 > shift: '1 fortnight' is no length of a shift; "
            "expected e.g. 12 hours, 1 day or 2 weeks"
        ),
    ),
    (
        ("2026-12-24 08:00..2026-12-25 08:00", "2026-12-24 08:00..2026-12-24 08:00"),
        (
            "line 105: rotas > nordvakt > item 2 > swaps > item 1 > period: '2026-12-24 08:00..2026-12-24 08:00' ends "
            "before it begins; expected e.g. 2026-12-24 08:00..2026-12-25 08:00"
        ),
    ),
    (
        ("en: Welcome", "gb: Welcome"),
        (
            "line 119: messages > menu > gb: 'gb' is no language that can be spoken; expected ar, da, de, en, es, "
            "fi, fr, nb, pl, sv, or play; "
            "did you mean 'en'?"
        ),
    ),
    (
        ("[drift@example.se]", "[drift@example]"),
        "line 127: notify > warnings > item 1: 'drift@example' is no mail address; expected e.g. drift@example.se",
    ),
    (
        ("at: mon 09:30", "at: mon 25:30"),
        "line 134: test-calls > item 1 > at: there is no time 25:30; expected 00:00 to 24:00",
    ),
    (
        ("what: numbers", "what: number"),
        (
            "line 137: retention > item 1 > what: 'number' is unknown here; expected numbers, notes, recordings, "
            "events, calls; did you mean 'numbers'?"
        ),
    ),
    (
        ("keep: 6 months", "keep: 6 moons"),
        (
            "line 137: retention > item 1 > keep: '6 moons' is no time to keep something; "
            "expected e.g. 30 days or 6 months"
        ),
    ),
]
