"""What the doctor says of our standing with the provider, and what to do."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, cast

import pytest

from callrouter import clock
from callrouter.checks import standing
from callrouter.checks.finding import Finding, Level, examine
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.span import Span
from callrouter.telephony.provider import Account, ProviderUnavailableError, StoredRecording
from callrouter.telephony.standing import Capacity, Country
from tests.schedules import CENTRE, schedule

SWEDEN = Country("Sweden", ("+46",), may_be_rung=True, may_be_costly=False)
NORWAY = Country("Norway", ("+47",), may_be_rung=False, may_be_costly=False)
NO_LIMIT = Capacity(None, "an approved business profile")
EVERYTHING = ("countries", "calls at once", "recordings", "regions")


@dataclass
class Books:
    """What the provider would say."""

    known: tuple[Country, ...] = (NORWAY, SWEDEN)
    limit: Capacity = NO_LIMIT
    taped: list[StoredRecording] = field(default_factory=list)
    region: str | None = "ie1"
    regions: dict[str, str] = field(default_factory=dict)
    is_away: bool = False

    def countries(self) -> Iterator[Country]:
        yield from self.known

    def capacity(self) -> Capacity:
        if self.is_away:
            raise ProviderUnavailableError("the account's profile: the provider answered 503")
        return self.limit

    def recordings(self, span: Span) -> Iterator[StoredRecording]:
        yield from (each for each in self.taped if span.covers(each.began_at))

    def region_of(self, number: PhoneNumber) -> str | None:
        return self.regions.get(number.e164, self.region)

    @property
    def account(self) -> Account:
        return cast("Account", self)


def said(found: list[Finding]) -> list[tuple[Level, str]]:
    return [(each.level, each.found) for each in found]


def countries(*known: Country) -> list[Finding]:
    return list(standing.countries(Books(known).account, schedule()))


class TestCountries:
    def test_of_the_schedule_alone_is_well(self) -> None:
        assert said(countries(NORWAY, SWEDEN)) == [(Level.OK, "Sweden may be rung, as the schedule needs it")]

    def test_that_the_schedule_needs_and_may_not_be_rung_is_an_error(self) -> None:
        (found,) = countries(replace(SWEDEN, may_be_rung=False))
        assert (found.level, found.found) == (
            Level.ERROR,
            "Sweden may not be rung, and the schedule has numbers there",
        )
        assert "geographic permissions" in found.advice

    @pytest.mark.parametrize(
        "opened", [replace(NORWAY, may_be_rung=True), replace(NORWAY, may_be_costly=True)], ids=["rung", "costly"]
    )
    def test_that_nobody_needs_and_may_be_rung_is_told(self, opened: Country) -> None:
        well, told = countries(SWEDEN, opened)
        assert well.level is Level.OK
        assert said([told]) == [
            (Level.WARNING, "countries may be rung that no number of the schedule is in (1): Norway")
        ]

    def test_that_are_many_are_named_in_part(self) -> None:
        many = [replace(NORWAY, name=f"Land {number}", may_be_rung=True) for number in range(7)]
        assert countries(SWEDEN, *many)[1].found.endswith("Land 0, Land 1, Land 2, Land 3, Land 4, …")

    def test_whose_costly_numbers_may_be_rung_is_told(self) -> None:
        assert [each.level for each in countries(replace(SWEDEN, may_be_costly=True))] == [Level.OK, Level.WARNING]

    def test_with_a_longer_code_is_another_one(self) -> None:
        sharing = Country("Shared", ("+4",), may_be_rung=True, may_be_costly=False)
        island = Country("Island", ("46 8", "46-31", "46-70", "+4640"), may_be_rung=False, may_be_costly=False)
        error, unneeded = countries(sharing, island)
        assert (error.level, error.found.split()[0]) == (Level.ERROR, "Island")
        assert "Shared" in unneeded.found

    def test_that_the_provider_does_not_know_are_told(self) -> None:
        (found,) = countries(NORWAY)
        assert (found.level, "in no country" in found.found) == (Level.WARNING, True)


@pytest.mark.parametrize(
    ("limit", "level"),
    [
        (Capacity(None, "well"), Level.OK),
        (Capacity(2, "no profile", "Get one."), Level.ERROR),
        (Capacity(2, "no profile, unless", "Get one.", is_certain=False), Level.WARNING),
    ],
)
def test_too_few_calls_at_once_is_an_error_where_it_is_certain(limit: Capacity, level: Level) -> None:
    (found,) = standing.capacity(Books(limit=limit).account, schedule())
    assert (found.level, found.advice) == (level, limit.advice)
    assert limit.why in found.found


class TestRecordings:
    @staticmethod
    def recording(days: int, *, is_message: bool) -> StoredRecording:
        return StoredRecording(f"RE{days}", "CA1", clock.now() - timedelta(days=days), 9, is_message)

    def test_of_messages_alone_are_well(self) -> None:
        taped = [self.recording(1, is_message=True), self.recording(8, is_message=False)]
        (found,) = standing.recordings(Books(taped=taped).account, schedule())
        expected = "nobody was recorded in the last 7 days but those who were asked for a message (1)"
        assert (found.level, found.found) == (Level.OK, expected)

    def test_of_people_who_talk_are_told(self) -> None:
        taped = [self.recording(1, is_message=True), self.recording(2, is_message=False)]
        (found,) = standing.recordings(Books(taped=taped).account, schedule())
        assert (found.level, found.found[:20]) == (Level.WARNING, "1 recording of peopl")
        assert "must know" in found.advice


class TestRegions:
    def test_each_number_is_handled_where_it_is_set_up(self) -> None:
        found = list(standing.regions(Books().account, schedule()))
        assert {each.level for each in found} == {Level.OK}
        assert len(found) == sum(len(unit.numbers) for unit in schedule().units.values())

    def test_a_number_that_is_handled_elsewhere_is_an_error(self) -> None:
        found = standing.regions(Books(regions={CENTRE.e164: "us1"}).account, schedule())
        (error,) = [each for each in found if each.level is Level.ERROR]
        assert error.found == "+46846500400 is handled in us1; what is set up in ie1 means nothing there"

    def test_a_number_in_the_second_region_is_answered_and_missing_in_the_provider_s_list(self) -> None:
        moved, elsewhere = Books(regions={CENTRE.e164: "us1"}).account, [Books(region="us1").account]
        (found,) = [each for each in standing.regions(moved, schedule(), elsewhere) if each.level is not Level.OK]
        assert (found.level, found.found) == (
            Level.WARNING,
            "+46846500400 is handled in us1, the second region: its calls are answered",
        )
        assert "asks ie1 alone" in found.advice

    def test_a_provider_without_any_is_well(self) -> None:
        assert [each.level for each in standing.regions(Books(region=None).account, schedule())] == [Level.OK]


def test_what_the_provider_does_not_say_is_told_and_nothing_else_is_lost() -> None:
    checks = standing.Standing(lambda: Books(is_away=True).account, schedule).checks()
    found = {each.check: each for each in examine(checks)}
    assert tuple(found) == EVERYTHING
    limit = found["calls at once"]
    assert (limit.level, limit.found) == (
        Level.WARNING,
        "not known: the account's profile: the provider answered 503",
    )
    assert {found[name].level for name in ("countries", "recordings", "regions")} == {Level.OK}


@pytest.mark.parametrize("missing", ["account", "schedule"])
def test_without_an_account_or_a_schedule_nothing_is_looked_at(missing: str) -> None:
    given: dict[str, Any] = {"account": lambda: Books().account, "schedule": schedule} | {missing: lambda: None}
    found = list(examine(standing.Standing(**given).checks()))
    assert {(each.level, each.found[:13]) for each in found} == {(Level.WARNING, "not looked at")}
