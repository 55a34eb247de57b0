"""The research export: nobody stands out, nobody's number is in it, and it says what it is."""

import hashlib
import re
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callrouter.calllog.database import Database
from callrouter.calllog.export.research import Made, ResearchOrder, export_research
from callrouter.calllog.export.research.coarse import QUASI, TOLD, pseudonym
from callrouter.calllog.export.research.scratch import ENOUGH, LADDER, Scratch
from callrouter.calllog.windows import Bounds
from callrouter.domain.words import Disposition
from tests.calllog.export.files import csv_cells
from tests.calllog.export.rows import START, keep, made
from tests.schedules import STOCKHOLM

FILES = ["SHA256SUMS", "about.md", "calls.csv", "codebook.csv"]


def exported(database: Database, period: Bounds, folder: Path, **wish: Any) -> Made:
    return export_research(database, ResearchOrder(period, folder, STOCKHOLM, **wish), lambda _progress: None)


def many(count: int, **differs: Any) -> list[dict[str, Any]]:
    """Calls in one hour, each of another caller."""
    prefix = str(differs.pop("prefix", "CA"))
    return [
        made(f"{prefix}{n:04}", START + timedelta(seconds=n), **({"key": f"{prefix}{n:062}"} | differs))
        for n in range(count)
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "research"


class TestWhatIsTold:
    def test_a_call_in_coarse_words(self, database: Database, folder: Path) -> None:
        period = keep(database, many(6, seconds_to_answer=23, talked_seconds=4000))
        assert exported(database, period, folder) == Made(6, 0)
        rows = csv_cells(folder / "calls.csv")
        assert {name: value for name, value in rows[0].items() if name != "caller"} == {
            "unit": "centre",
            "year": "2026",
            "quarter": "4",
            "week": "48",
            "weekday": "1",
            "hour": "8",
            "state": "closed",
            "disposition": "answered",
            "answered_by": "company",
            "phones_rung": "1",
            "seconds_to_answer": "25",
            "talked_seconds": "1800",
        }
        assert all(re.fullmatch(r"[a-p]{16}", row["caller"]) for row in rows)

    def test_one_caller_has_one_name_and_another_one_elsewhere(self, database: Database, tmp_path: Path) -> None:
        period = keep(database, [*many(5), *many(2, prefix="CB", key="k" * 64)])
        names = []
        for number in range(2):
            exported(database, period, tmp_path / str(number))
            counts = Counter(row["caller"] for row in csv_cells(tmp_path / str(number) / "calls.csv"))
            assert sorted(counts.values()) == [1, 1, 1, 1, 1, 2]
            names.append(counts.most_common(1)[0][0])
        assert names[0] != names[1]

    def test_who_is_withheld_has_none(self, database: Database, folder: Path) -> None:
        exported(database, keep(database, many(5, key=None, number=None)), folder)
        assert {row["caller"] for row in csv_cells(folder / "calls.csv")} == {""}

    def test_only_calls_of_that_origin_that_are_over(self, database: Database, folder: Path) -> None:
        calls = [
            *many(5),
            *many(5, prefix="CB", origin="phone-network"),
            *many(5, prefix="CC", disposition="in-progress"),
        ]
        assert exported(database, keep(database, calls), folder) == Made(5, 0)


class TestNobodyStandsOut:
    def test_four_are_too_few(self, database: Database, folder: Path) -> None:
        assert exported(database, keep(database, many(4)), folder) == Made(0, 4)
        assert csv_cells(folder / "calls.csv") == []
        assert "| allt / all | 1–4 |" in (folder / "about.md").read_text("utf-8")

    def test_five_calls_of_one_caller_are_one_person(self, database: Database, folder: Path) -> None:
        assert exported(database, keep(database, many(5, key="k" * 64)), folder) == Made(0, 5)

    def test_of_a_rare_call_less_is_told(self, database: Database, folder: Path) -> None:
        weeks = [made(f"CB{n}", START + timedelta(weeks=n), key=f"{n:064}") for n in range(5)]
        period = keep(database, weeks)
        assert exported(database, period, folder) == Made(5, 0)
        told = {(row["year"], row["quarter"], row["week"], row["hour"]) for row in csv_cells(folder / "calls.csv")}
        assert told == {("2026", "4", "", "8")}

    @given(data=st.data())
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    def test_no_combination_occurs_less_than_five_times(self, tmp_path: Path, data: st.DataObject) -> None:
        values = st.tuples(*(st.sampled_from(["1", "2", "3"][: 1 + place % 3]) for place in range(len(QUASI))))
        rows = data.draw(st.lists(st.tuples(values, st.sampled_from(["", *"abcdefgh"])), max_size=120))
        scratch = Scratch(tmp_path / f"scratch-{len(list(tmp_path.iterdir()))}")
        scratch.add((*quasi, caller, *("x",) * (len(TOLD) - 1)) for quasi, caller in rows)
        *told, withheld = scratch.climb()
        out = list(scratch.rows())
        scratch.close()
        assert sum(told) + withheld == len(rows)
        assert len(told) == len(LADDER)
        assert all(count == 0 or count >= ENOUGH for count in told)
        combinations = Counter(row[: len(QUASI)] for row in out)
        assert all(count >= ENOUGH for count in combinations.values())
        for combination in combinations:
            callers = [row[len(QUASI)] for row in out if row[: len(QUASI)] == combination]
            assert len(set(filter(None, callers))) + callers.count("") >= ENOUGH


class TestWhatIsLeftOutStaysOut:
    """A blank value is not told by what stands beside it, nor by another row."""

    def test_who_calls_again_and_gives_up_is_not_followed_to_the_blank_row(
        self, database: Database, folder: Path
    ) -> None:
        """One abandoned call of an hour would be told by the answered one of its caller, minutes before."""
        answered = many(6)
        again = made(
            "CB", START + timedelta(minutes=9), key=answered[0]["key"], is_redial=True, disposition="abandoned"
        )
        elsewhere = [
            made(f"CC{n}", START, key=f"CC{n:062}", unit=f"unit {n}", disposition="abandoned") for n in range(5)
        ]
        assert exported(database, keep(database, [*answered, again, *elsewhere]), folder) == Made(12, 0)
        rows = csv_cells(folder / "calls.csv")
        told = [{name: value for name, value in row.items() if value} for row in rows]
        assert [row for row in told if row["disposition"] == "abandoned"] == [{"disposition": "abandoned"}] * 6
        assert len({row["caller"] for row in rows if row["disposition"] == "answered"} - {""}) == 6
        assert "redial" not in rows[0]

    def test_nor_to_a_row_without_its_week(self, database: Database, folder: Path) -> None:
        """Six who called in one week; five of them once more, each in another one."""
        weeks = [made(f"CB{n}", START + timedelta(weeks=n), key=f"CA{n:062}") for n in range(1, 6)]
        exported(database, keep(database, [*many(6), *weeks]), folder)
        whole, blank = (
            {row["caller"] for row in csv_cells(folder / "calls.csv") if bool(row["week"]) is is_told}
            for is_told in (True, False)
        )
        assert (len(whole), len(blank), whole & blank) == (6, 5, set())

    def test_who_answered_does_not_tell_the_state(self, database: Database, folder: Path) -> None:
        """Three calls to the desk of an open unit and three to the company of a closed one: each state is rare."""
        desk = many(3, prefix="CB", state="open", answered_company=None, legs=[])
        exported(database, keep(database, [*many(3), *desk]), folder)
        assert {tuple(filter(None, row.values())) for row in csv_cells(folder / "calls.csv")} == {
            ("centre", "answered")
        }

    @given(data=st.data())
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    def test_no_caller_leads_from_one_rung_to_another(self, tmp_path: Path, data: st.DataObject) -> None:
        often, now_and_then = st.just("1"), st.sampled_from("1111123")
        values = st.tuples(*(now_and_then if name in ("week", "hour", "state") else often for name in QUASI))
        rows = data.draw(st.lists(st.tuples(values, st.sampled_from("abcdefgh")), min_size=20, max_size=80))
        scratch = Scratch(tmp_path / f"scratch-{len(list(tmp_path.iterdir()))}")
        scratch.add((*quasi, caller, *("x",) * (len(TOLD) - 1)) for quasi, caller in rows)
        scratch.climb()
        out = [dict(zip((*QUASI, *TOLD), row, strict=True)) for row in scratch.rows()]
        scratch.close()
        blank: dict[str, set[tuple[str, ...]]] = {}
        for row in out:
            blank.setdefault(row["caller"], set()).add(tuple(name for name in QUASI if not row[name]))
            assert row["state"] or not any(row[name] for name in TOLD)
        blank.pop("", None)
        assert all(len(patterns) == 1 for patterns in blank.values())


def test_no_digits_of_any_number_are_in_any_file(database: Database, folder: Path) -> None:
    legs = [{**made("x")["legs"][0], "to": "+46313900620"}]
    period = keep(database, [*many(20, legs=legs), *many(3, prefix="CB", unit="rare", answered_person="bertil")])
    exported(database, period, folder)
    assert sorted(path.name for path in folder.iterdir()) == FILES
    said = "".join(path.read_text("utf-8") for path in folder.iterdir() if path.name != "SHA256SUMS")
    assert [word for word in ("701740650", "846500400", "313900620", "CA00", "bertil", "rare;") if word in said] == []


@given(st.text(min_size=1), st.binary(min_size=32, max_size=32))
def test_a_pseudonym_has_no_digits(caller_key: str, key: bytes) -> None:
    assert re.fullmatch(r"[a-p]{16}", pseudonym(caller_key, key))


def test_it_says_what_it_is_and_can_be_checked(database: Database, folder: Path) -> None:
    exported(database, keep(database, many(5)), folder)
    assert [row["column"] for row in csv_cells(folder / "codebook.csv")] == [*QUASI, *TOLD]
    assert [row["column"] for row in csv_cells(folder / "codebook.csv") if row["quasi_identifier"] == "yes"] == [*QUASI]
    lines = [line.split("  ") for line in (folder / "SHA256SUMS").read_text().splitlines()]
    assert {name: told for told, name in lines} == {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FILES[1:]
    }


def test_the_codebook_says_what_is_there_and_what_a_blank_means(database: Database, folder: Path) -> None:
    exported(database, keep(database, many(5)), folder)
    said = {row["column"]: row for row in csv_cells(folder / "codebook.csv")}
    ended = [each.value for each in Disposition if each is not Disposition.IN_PROGRESS]
    assert said["disposition"]["values"].split(", ") == ended
    assert [name for name in QUASI if "blank: suppressed" in said[name]["meaning"]] == [*QUASI[:-1]]
    assert [name for name in QUASI if "tom: utelämnad" in said[name]["betydelse"]] == [*QUASI[:-1]]
    assert all("blank also where state is suppressed" in said[name]["meaning"] for name in TOLD)
    assert "blank: withheld or erased" in said["caller"]["meaning"]


def test_a_folder_that_is_in_use_is_left_alone(database: Database, folder: Path) -> None:
    folder.mkdir()
    (folder / "thesis.txt").touch()
    with pytest.raises(FileExistsError, match="is there already, and not empty"):
        exported(database, keep(database, many(5)), folder)
