"""From a call to the mail: who is told of what, when, once; and what stands in it. On both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any, cast

import pytest
from sqlalchemy import delete, update

from callrouter import clock
from callrouter.calllog.entry import Entry
from callrouter.calllog.outbox import is_due, listed, put, warn
from callrouter.calllog.tables import CallRow, OutboxRow
from callrouter.domain.notice import Notice
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.schedule import Notify, Schedule
from callrouter.domain.words import NoticeKind, Origin
from callrouter.jobs import hand_over, outbox, report
from callrouter.notices.due import LATE, hand_overs, openings, reports
from callrouter.notices.post import NotTakenError
from tests.calllog.told import CITIZEN, DIGITS, arrival, missed, whole_story
from tests.notices.house import MINUTE, NOTIFY, OWNER, PHONE, SCHEDULE, URL, House
from tests.schedules import CLOSED_HOUR

FIGURES = """2 samtal, 50.0% besvarade, 1 missade. Mediansvarstid: 20 s.
Inom 30 s: 50.0% (mål 80%, ej uppfyllt).
Inom 60 s: 50.0% (mål 98.5%, ej uppfyllt)."""


def owned(in_force: Schedule, *owners: str | PhoneNumber) -> Schedule:
    """A schedule whose unit has owners of its own."""
    return replace(in_force, units={"centre": replace(in_force.units["centre"], missed_call=owners)})


def just_now() -> datetime:
    return clock.now() - MINUTE


def plain(mail: EmailMessage) -> str:
    return str(cast("Any", mail.get_body(("plain",))).get_content())


class TestAMissedCall:
    def test_is_told_once_to_each_address(self, house: House) -> None:
        house.keep(missed("CA1", just_now()))
        assert house.a_minute_passes() == ["2 sent"]
        assert house.a_minute_passes() == []
        (mail,), ((to, text),) = house.post.mails, house.post.texts
        assert mail["To"] == OWNER
        assert str(mail["Subject"]).startswith("Missat samtal till Centre ")
        assert "uppringaren lade på" in plain(mail)
        assert f"{URL}/calls/{just_now().date()}/CA1" in plain(mail)
        assert (to, text.startswith(str(mail["Subject"]))) == (PHONE.e164, True)

    @pytest.mark.parametrize("notify", [NOTIFY, Notify()])
    def test_is_told_to_the_owners_of_its_unit_and_to_nobody_else(self, house: House, notify: Notify) -> None:
        house.in_force = owned(replace(SCHEDULE, notify=notify), "unit@example.se", PhoneNumber("+46701740661"))
        house.keep(missed("CA1", just_now()))
        assert house.a_minute_passes() == ["2 sent"]
        assert house.post.tried == ["unit@example.se", "+46701740661"]

    @pytest.mark.parametrize("unit", ["another", None])
    def test_of_a_unit_without_owners_or_of_none_is_told_to_those_of_all(self, unit: str | None) -> None:
        assert owned(SCHEDULE, "unit@example.se").owners(unit) == (OWNER, PHONE)

    def test_goes_to_no_owner_whom_the_unit_no_longer_names(self, house: House) -> None:
        house.in_force = owned(SCHEDULE, "former@example.se")
        house.keep(missed("CA1", just_now()))
        put(house.database, house.missed(clock.now()), clock.now())
        house.in_force = owned(SCHEDULE, "unit@example.se")
        house.a_minute_passes()
        assert house.post.tried == []
        assert house.states() == {"former@example.se": "the schedule no longer names this address"}

    def test_gives_no_number_away(self, house: House) -> None:
        house.keep(missed("CA1", just_now()))
        house.a_minute_passes()
        (mail,) = house.post.mails
        assert str(CITIZEN) in plain(mail)
        for told in (bytes(mail), house.post.texts[0][1].encode(), house.stored().encode()):
            assert DIGITS not in told

    def test_is_in_english_where_the_unit_speaks_english(self, house: House) -> None:
        unit = house.in_force.units["centre"]
        message = unit.closed_message
        assert message is not None
        english = replace(unit, closed_message=replace(message, parts=message.parts[1:]))
        house.in_force = replace(house.in_force, units={"centre": english})
        house.keep(missed("CA1", just_now()))
        house.a_minute_passes()
        assert str(house.post.mails[0]["Subject"]).startswith("Missed call to Centre ")
        assert "spoke with nobody: the caller hung up" in plain(house.post.mails[0])

    def test_that_was_answered_is_none(self, house: House) -> None:
        house.keep(Entry(tuple(whole_story("CA1", CLOSED_HOUR)), CITIZEN))
        assert house.missed(CLOSED_HOUR + 2 * MINUTE) == []

    def test_whose_caller_was_reached_since_says_so(self, house: House) -> None:
        house.keep(missed("CA1", CLOSED_HOUR), Entry(tuple(whole_story("CA2", CLOSED_HOUR + MINUTE)), CITIZEN))
        (notice, _sms) = house.missed(CLOSED_HOUR + 2 * MINUTE)
        told = "Samma uppringare har ringt igen och fått svar, måndag 2026-11-23 16:31."
        assert told in house.letter(notice, CLOSED_HOUR + 2 * MINUTE).paragraphs
        assert told not in house.letter(notice, CLOSED_HOUR + 2 * MINUTE).short

    def test_is_news_for_an_hour(self, house: House) -> None:
        house.keep(missed("CA1", CLOSED_HOUR))
        end = CLOSED_HOUR + timedelta(seconds=12)
        assert len(house.missed(end + LATE - timedelta(seconds=1))) == 2
        assert house.missed(end + LATE) == []

    def test_of_the_phone_network_is_not_told_as_a_real_one(self, house: House) -> None:
        house.keep(missed("CA1", CLOSED_HOUR))
        assert house.missed(CLOSED_HOUR + MINUTE, Origin.PHONE_NETWORK) == []

    def test_that_is_deleted_meanwhile_is_told_to_nobody(self, house: House) -> None:
        house.keep(missed("CA1", just_now()))
        put(house.database, house.missed(clock.now()), clock.now())
        with house.database.writing() as connection:
            connection.execute(delete(CallRow))
        assert house.a_minute_passes() == ["0 sent"]
        assert house.post.tried == []
        assert set(house.states()) == {OWNER, PHONE.e164}


class TestManyMissedCalls:
    """Five letters in ten minutes are enough for anybody; whoever would get more gets the others together."""

    @staticmethod
    def calls(*numbers: int) -> list[Entry]:
        return [missed(f"CA{number}", just_now() + timedelta(milliseconds=number)) for number in numbers]

    @staticmethod
    def told(house: House) -> list[str]:
        """Which calls the mails tell of, mail by mail."""
        return [plain(mail) for mail in house.post.mails]

    def test_few_are_told_one_by_one(self, house: House) -> None:
        house.keep(*self.calls(1, 2, 3, 4, 5))
        assert house.a_minute_passes() == ["10 sent"]
        assert all("/calls/" in told for told in self.told(house))

    def test_at_once_are_one_letter_that_lists_them(self, house: House) -> None:
        house.keep(*self.calls(*range(50)))
        assert house.a_minute_passes() == ["2 sent"]
        (mail,), ((_to, text),) = house.post.mails, house.post.texts
        assert mail["Subject"] == "50 missade samtal"
        assert plain(mail).count("Centre: uppringaren lade på") == 50
        assert (DIGITS in bytes(mail), text) == (False, f"50 missade samtal {URL}/call-backs")
        assert house.a_minute_passes() == []

    def test_that_come_one_after_another_share_the_next_letter_there_is_room_for(self, house: House) -> None:
        for number in range(11):
            house.keep(*self.calls(number))
            house.a_minute_passes()
        assert len(house.post.mails) == 5
        assert house.a_minute_passes() == [], "the others are put off, which is no try"
        house.ten_minutes_pass()
        assert house.a_minute_passes() == ["2 sent"]
        last = self.told(house)[-1]
        assert (len(house.post.mails), last.count("Centre:")) == (6, 6)
        with house.database.reading() as connection:
            rows = [row for _notice, row in listed(connection, None, 99)]
        assert {(row.sent_at is not None, row.attempts) for row in rows} == {(True, 1)}

    def test_that_cannot_be_sent_together_are_tried_again_together(self, house: House) -> None:
        house.keep(*self.calls(*range(7)))
        house.post.trouble[OWNER] = NotTakenError("no", for_good=False)
        with pytest.raises(outbox.NotToldError, match="1 sent, 1 not: no"):
            house.a_minute_passes()
        house.post.trouble.clear()
        with house.database.writing() as connection:
            waits = OutboxRow.next_at.is_not(None)
            connection.execute(update(OutboxRow).where(waits).values(next_at=clock.now()))
        assert house.a_minute_passes() == ["1 sent"]
        assert [mail["Subject"] for mail in house.post.mails] == ["7 missade samtal"]

    def test_of_one_address_leave_the_others_alone(self, house: House) -> None:
        house.keep(*self.calls(*range(6)))
        house.a_minute_passes()
        warn(house.database, SCHEDULE, "certificate", clock.now(), sv="Nu.", en="Now.")
        assert house.a_minute_passes() == ["1 sent"]

    def test_that_are_gone_meanwhile_are_left_out(self, house: House) -> None:
        house.keep(*self.calls(*range(6)))
        put(house.database, house.missed(clock.now()), clock.now())
        with house.database.writing() as connection:
            connection.execute(delete(CallRow).where(CallRow.call_id != "CA3"))
        house.a_minute_passes()
        assert house.post.mails[0]["Subject"] == "1 missade samtal"


class TestTrouble:
    def test_fails_the_run_and_is_tried_again(self, house: House) -> None:
        house.keep(missed("CA1", just_now()))
        house.post.trouble[OWNER] = NotTakenError("smtp.example.se:587 refuses the mail (554)")
        with pytest.raises(outbox.NotToldError, match=r"1 sent, 1 not: smtp.example.se:587 refuses the mail \(554\)"):
            house.a_minute_passes()
        house.post.trouble.clear()
        with house.database.reading() as connection:
            assert not is_due(connection, clock.now())
            assert is_due(connection, clock.now() + MINUTE)

    def test_of_one_way_keeps_nobody_from_the_other_and_is_not_met_twice(self, house: House) -> None:
        house.keep(missed("CA1", just_now()), missed("CA2", just_now()))
        house.post.trouble[OWNER] = NotTakenError("away", is_away=True)
        with pytest.raises(outbox.NotToldError, match="2 sent, 1 not: away"):
            house.a_minute_passes()
        assert house.post.tried == [OWNER, PHONE.e164, PHONE.e164]

    def test_with_an_address_for_good_ends_it(self, house: House) -> None:
        house.keep(missed("CA1", just_now()))
        house.post.trouble[OWNER] = NotTakenError("no such user", for_good=True)
        with pytest.raises(outbox.NotToldError):
            house.a_minute_passes()
        assert house.states() == {OWNER: "no such user"}

    def test_with_a_notice_that_cannot_be_written_keeps_no_other_back(self, house: House) -> None:
        broken = Notice(NoticeKind.MISSED_CALL, "0", OWNER, {})
        put(house.database, [broken], clock.now() - MINUTE)
        house.keep(missed("CA1", just_now()))
        with pytest.raises(outbox.NotToldError, match="2 sent, 1 not: missed-call: KeyError"):
            house.a_minute_passes()


def test_whom_the_schedule_names_no_longer_is_told_nothing(house: House) -> None:
    house.keep(missed("CA1", just_now()))
    put(house.database, house.missed(clock.now()), clock.now())
    house.in_force = replace(SCHEDULE, notify=Notify(missed_call=(PHONE,)))
    assert house.a_minute_passes() == ["1 sent"]
    assert house.post.tried == [PHONE.e164]


def test_a_warning_is_told_in_the_language_of_the_schedule(house: House) -> None:
    warn(house.database, SCHEDULE, "certificate", clock.now(), sv="Certifikatet går ut.\nOm 9 dagar.", en="It ends.")
    assert house.a_minute_passes() == ["1 sent"]
    (mail,) = house.post.mails
    assert (mail["To"], mail["Subject"]) == ("drift@example.se", "callrouter: Certifikatet går ut.")
    assert plain(mail) == f"Certifikatet går ut.\n\nOm 9 dagar.\n\n{URL}/\n"


class TestHandOver:
    """The unit is open on weekdays 10-15, local."""

    OPENING = datetime(2026, 11, 24, 9, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("at", "opens"),
        [
            (OPENING - timedelta(seconds=1), False),
            (OPENING, True),
            (OPENING + LATE - timedelta(seconds=1), True),
            (OPENING + LATE, False),
        ],
    )
    def test_is_due_as_the_unit_opens(self, house: House, at: datetime, opens: bool) -> None:
        assert [opened for _unit, opened in openings(SCHEDULE, at)] == [self.OPENING] * opens
        assert len(list(hand_over.due(house.tools, at))) == opens

    def test_tells_what_happened_meanwhile_once(self, house: House) -> None:
        house.keep(missed("CA1", CLOSED_HOUR), Entry(tuple(whole_story("CA2", CLOSED_HOUR + MINUTE)), CITIZEN))
        for results in ("centre: 1 to be told", "centre: 0 to be told"):
            assert [piece.run(house.tools) for piece in hand_over.due(house.tools, self.OPENING)] == [results]
        with house.database.reading() as connection:
            ((notice, _row),) = listed(connection, None, 9)
        letter = house.letter(notice, self.OPENING)
        assert letter.subject == "Överlämning Centre: 2 samtal"
        assert letter.paragraphs == (
            "Sedan stängningen måndag 2026-11-23 15:00: 1 uppringaren lade på, 1 besvarat.",
            "1 att ringa tillbaka.",
            "måndag 2026-11-23 16:30  uppringaren lade på\nmåndag 2026-11-23 16:31  besvarat",
        )
        assert letter.link == f"{URL}/hand-over?unit=centre&at=2026-11-24T09%3A00%3A00%2B00%3A00"

    def test_a_call_that_lost_its_end_does_not_go_on(self, house: House) -> None:
        house.keep(missed("CA1", CLOSED_HOUR), arrival("CA2", CLOSED_HOUR + MINUTE))
        (piece,) = hand_over.due(house.tools, self.OPENING)
        piece.run(house.tools)
        with house.database.reading() as connection:
            ((notice, _row),) = listed(connection, None, 9)
        assert house.letter(notice, self.OPENING).paragraphs[0].endswith("1 uppringaren lade på, 1 slutet okänt.")
        assert "slutet okänt" in house.letter(notice, self.OPENING).paragraphs[2]

    def test_without_a_call_is_none(self, house: House) -> None:
        unit = SCHEDULE.units["centre"]
        with house.database.reading() as connection:
            assert list(hand_overs(connection, SCHEDULE, Origin.REAL, unit, self.OPENING)) == []


class TestReport:
    @pytest.mark.parametrize(
        ("at", "names"),
        [
            ("2026-11-23T05:59", []),  # a Monday, before six
            ("2026-11-23T06:00", ["2026-W47"]),
            ("2026-11-23T23:59", ["2026-W47"]),
            ("2026-11-24T08:00", []),
            ("2026-12-01T06:00", ["2026-11"]),
            ("2027-02-01T06:00", ["2027-W04", "2027-01"]),
            ("2027-01-04T06:00", ["2026-W53"]),
        ],
    )
    def test_is_due_on_mondays_and_on_the_first(self, at: str, names: list[str]) -> None:
        local = datetime.fromisoformat(at).replace(tzinfo=SCHEDULE.zone)
        assert [name for name, _notices in reports(SCHEDULE, local)] == names

    def test_tells_few_figures_once(self, house: House) -> None:
        house.keep(missed("CA1", CLOSED_HOUR), Entry(tuple(whole_story("CA2", CLOSED_HOUR + MINUTE)), CITIZEN))
        monday = datetime(2026, 11, 30, 8, tzinfo=UTC)
        for result in ("1 to be told", "0 to be told"):
            assert [piece.run(house.tools) for piece in report.due(house.tools, monday)] == [result]
        with house.database.reading() as connection:
            ((notice, _row),) = listed(connection, None, 9)
        assert (notice.about, notice.address) == ("all:2026-W48", "boss@example.se")
        letter = house.letter(notice, monday)
        assert letter.paragraphs == (
            "Samtalsrapport 2026-11-23 – 2026-11-29",
            FIGURES,
            "Centre: 2 samtal, 50.0% besvarade",
        )
        assert letter.link == f"{URL}/reports?from=2026-11-23&to=2026-11-29"

    def test_of_a_week_without_calls_says_so(self, house: House) -> None:
        facts = {"first": "2026-11-16", "last": "2026-11-22"}
        letter = house.letter(Notice(NoticeKind.REPORT, "all:2026-W47", OWNER, facts), CLOSED_HOUR)
        assert letter.paragraphs == ("Samtalsrapport 2026-11-16 – 2026-11-22", "0 samtal")
