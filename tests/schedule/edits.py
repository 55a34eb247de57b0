"""Edits of the example file: those that change something in the coming days, and those that do not."""

SAME = (
    ("fri: 08:00-16:00", "fre: 8-16"),
    ("# Opening hours and who answers.", "# Öppettider.\n\n#"),
    ("mon-thu: 08:00-12:00, 13:00-17:00", "mån-tor: 13.00-17.00, 08.00-12.00"),
    ("from: 2005-06-01\n        mon-fri: 10:00-15:00", "from: 2005-06-01\n        mon: 10:00-15:00"),  # long ago
    ("+46 70 174 06 11", "+46 (0)70-174 06 11"),
    ("seconds: 20                     # per attempt, default 25", "seconds: 20"),
)
"""Edits of the example that change nothing in the coming days."""

EDITS = (
    (("name: Trygghetscenter", "name: Trygg i stan"), "unit trygghetscenter name"),
    (("numbers: [+46 8 465 004 00]", "numbers: [+46 8 465 004 01]"), "unit trygghetscenter numbers"),
    (("fri: 08:00-16:00", "fri: 08:00-15:00"), "unit trygghetscenter hours"),
    (("period: 06-15..08-15", "period: 06-15..08-16"), "unit trygghetscenter hours"),
    (("    holidays: ignore                # open on red days too\n", ""), "unit fältgruppen hours"),
    (("open: reception", "open: victim-support"), "unit trygghetscenter open"),
    (("closed: message-only", "closed: security"), "unit brottsofferstöd closed"),
    (("    message: closed                 # played", "    # played"), "unit trygghetscenter message"),
    (("keys: {1: trygghetscenter, 2:", "keys: {4: trygghetscenter, 2:"), "unit trygghetscenter menu"),
    (("privacy: hash", "privacy: full"), "unit brottsofferstöd privacy"),
    (("privacy: hash", "privacy: hash\n    recordings: 7 days"), "unit brottsofferstöd recordings"),
    (("privacy: hash", "privacy: hash\n    missed-call: stod@example.se"), "unit brottsofferstöd missed-call"),
    (("name: Bevakningen", "name: Vakterna"), "destination security name"),
    (("    name: Bevakningen\n", ""), "destination security name"),
    (("together: yes", "together: no"), "destination reception together"),
    (("seconds: 20", "seconds: 21"), "destination reception seconds"),
    (("rounds: 2", "rounds: 3"), "destination security rounds"),
    (("caller-id: own", "caller-id: caller"), "destination security caller-id"),
    (("seconds: 40, accept: key", "seconds: 40"), "destination duty-officer accept"),
    (("voicemail: yes", "voicemail: no"), "destination message-only voicemail"),
    (("then: duty-officer", "then: message-only"), "destination security then"),
    (("ring: [+46 8 465 004 10,", "ring: [+46 8 465 004 12,"), "destination reception rings"),
    (("ring: [nordvakt, +46 31 390 06 20]", "ring: [+46 31 390 06 20, nordvakt]"), "destination security rings"),
    (("company: Nordbevakning AB", "company: Ny Vakt AB"), "destination security company"),
    (("answer-within: 80% 30s", "answer-within: 90% 30s"), "destination security company"),
    (("people: [anna, bo, cilla]", "people: [bo, anna, cilla]"), "rota nordvakt on call"),
    (("person: cilla             # takes", "person: anna              # takes"), "rota nordvakt on call"),
    (("bo: +46 70 174 06 22", "bo: +46 70 174 06 23"), "person bo number"),
    (("sv: Du har kommit till", "sv: Hej, du har kommit till"), "message closed sv"),
    (("    en: Nobody could answer right now.", "    de: Nobody could answer right now."), "message no-answer order"),
    (("missed-call: [trygghetscenter@example.se,", "missed-call: [annan@example.se,"), "file notify > missed-call"),
    (("keep: 6 months", "keep: 3 months"), "file retention"),
    (("at: mon 09:30", "at: tue 09:30"), "file test-calls"),
    (("targets: [80% 30s,", "targets: [81% 30s,"), "file review > targets"),
    (("categories: [störning,", "categories: [oväsen,"), "file review > categories"),
)
"""Edits of the example, with what must be told of each."""
