"""The settings of destinations and rotas: names, what may stand there, and a sentence about each."""

from callrouter.schedule.format import words
from callrouter.schedule.format.readers import AtPlace, ListOf
from callrouter.schedule.format.records import Field, Record


class InContract:
    """The settings of a contract."""

    period = Field("period", words.DATES, "the dates, both included; A.. until further notice", required=True)
    company = Field("company", words.NOTE, "who answers", required=True)
    ring = Field("ring", ListOf(words.RING_ENTRY, "whom to ring"), "numbers, people and rotas", required=True)
    answer_within = Field("answer-within", words.TARGET, "what the contract promises: 80% 30s")


class InDestination:
    """The settings of a destination."""

    name = Field("name", words.TITLE, "what people call it; default: its name in this file")
    ring = Field("ring", ListOf(words.RING_ENTRY, "whom to ring"), "numbers, people and rotas")
    contracts = Field(
        "contracts",
        ListOf(
            Record(
                (InContract.period, InContract.company, InContract.ring, InContract.answer_within),
                "a contract with period, company and ring",
            ),
            "contracts, each with period, company and ring",
        ),
        "companies that answer, each for a period",
    )
    together = Field("together", words.YES_NO, "yes: all at once (at most 10); default: one after another")
    seconds = Field("seconds", words.SECONDS, "how long each attempt rings; default 25")
    rounds = Field("rounds", words.ROUNDS, "how often the list is gone through; default 1")
    accept = Field("accept", words.ACCEPT, "key: whoever answers must press 1")
    caller_id = Field("caller-id", words.CALLER_ID, "what the phone that rings shows; default own")
    message = Field("message", words.NAME, "what the caller hears here")
    voicemail = Field("voicemail", words.YES_NO, "yes: take a message")
    then = Field("then", words.NAME, "the destination when nobody answered")


class InSwap:
    """The settings of a swap."""

    period = Field("period", words.MOMENTS, "from when until when", required=True)
    person = Field("person", words.NAME, "who takes over", required=True)


class InBlock:
    """The settings of a block of a rota."""

    start = Field("start", AtPlace(words.MOMENT), "the first hand-off: 2008-06-02 08:00", required=True)
    shift = Field("shift", words.SHIFT, "how long a shift lasts: 12 hours, 1 day, 1 week", required=True)
    people = Field(
        "people",
        ListOf(words.NAME, "people in the order of their shifts", may_be_empty=True),
        "people in the order of their shifts; none: nobody from here",
        required=True,
    )
    swaps = Field(
        "swaps",
        ListOf(Record((InSwap.period, InSwap.person), "a period and a person"), "swaps"),
        "somebody takes over for a while",
    )


DESTINATION = Record(
    (
        *(InDestination.name, InDestination.ring, InDestination.contracts, InDestination.together),
        *(InDestination.seconds, InDestination.rounds, InDestination.accept, InDestination.caller_id),
        *(InDestination.message, InDestination.voicemail, InDestination.then),
    ),
    "a destination with ring, contracts or message",
)
ROTA = ListOf(
    Record((InBlock.start, InBlock.shift, InBlock.people, InBlock.swaps), "a block with start, shift and people"),
    "blocks, each with start, shift and people",
)
