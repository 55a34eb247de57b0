"""Names that lead somewhere: destinations, messages, units, people and rotas that are spoken of must exist."""

from collections.abc import Iterator, Mapping
from typing import Any

from callrouter.schedule.format.phones import Phone
from callrouter.schedule.format.problems import Findings, similar
from callrouter.schedule.format.readers import Named, Placed
from callrouter.schedule.format.records import Field, Values
from callrouter.schedule.format.ring_shape import InBlock, InContract, InDestination, InSwap
from callrouter.schedule.format.shape import InFile, InTestCall
from callrouter.schedule.format.unit_shape import InMenu, InUnit

Entries = Mapping[str, Named[Any]]


def check_references(file: Values, found: Findings) -> None:
    """Note every name that nothing has, and every name that two things have."""
    _Register(file, found).check()


def rings(destination: Values) -> Iterator[tuple[Placed[Phone | str], ...]]:
    """Yield the ring lists of a destination: its own and those of its contracts."""
    yield destination.get(InDestination.ring) or ()
    for contract in destination.get(InDestination.contracts) or ():
        yield contract.get(InContract.ring) or ()


class _Register:
    """The names of a file. A block that could not be read has none, and nobody misses them."""

    def __init__(self, file: Values, found: Findings) -> None:
        self._file = file
        self._found = found
        self._units = self._known(InFile.units)
        self._destinations = self._known(InFile.destinations)
        self._messages = self._known(InFile.messages)
        self._people = self._known(InFile.people)
        self._rotas = self._known(InFile.rotas)

    def check(self) -> None:
        for _, unit in self._file.entries(InFile.units):
            self._check_unit(unit)
        for _, destination in self._file.entries(InFile.destinations):
            self._check_destination(destination)
        for _, blocks in self._file.entries(InFile.rotas):
            for block in blocks:
                self._check_block(block)
        for test in self._file.get(InFile.test_calls) or ():
            self._refer(test.get(InTestCall.destination), "destination", self._destinations)
        self._refuse_twins("unit", self._units, "destination", self._destinations)
        self._refuse_twins("person", self._people, "rota", self._rotas)

    def _known(self, field: Field[Any]) -> Entries | None:
        """Return the names of a block; None: it stands there, but is unreadable."""
        names = self._file.get(field)
        return names if names is not None or self._file.has(field) else {}

    def _check_unit(self, unit: Values) -> None:
        for field in (InUnit.open, InUnit.closed):
            self._refer(unit.get(field), "destination", self._destinations)
        self._refer(unit.get(InUnit.message), "message", self._messages)
        if menu := unit.get(InUnit.menu):
            self._refer(menu.get(InMenu.message), "message", self._messages)
            for entry in (menu.get(InMenu.keys) or {}).values():
                self._refer(entry.value, "unit", self._units)

    def _check_destination(self, destination: Values) -> None:
        self._refer(destination.get(InDestination.then), "destination", self._destinations)
        self._refer(destination.get(InDestination.message), "message", self._messages)
        if self._people is None or self._rotas is None:
            return
        for entry in (entry for ring in rings(destination) for entry in ring):
            if isinstance(entry.value, str):
                name = Placed(entry.value, entry.node)
                self._refer(name, "person or rota", {**self._people, **self._rotas})

    def _check_block(self, block: Values) -> None:
        for person in block.get(InBlock.people) or ():
            self._refer(person, "person", self._people)
        for swap in block.get(InBlock.swaps) or ():
            self._refer(swap.get(InSwap.person), "person", self._people)

    def _refer(self, name: Placed[str] | None, kind: str, known: Entries | None) -> None:
        if name is not None and known is not None and name.value not in known:
            hint = similar(name.value, known)
            self._found.error(name.node, f"no {kind} called '{{name}}'{{hint}}", name=name.value, hint=hint)

    def _refuse_twins(self, kind: str, names: Entries | None, other: str, others: Entries | None) -> None:
        for name, entry in (others or {}).items():
            if first := (names or {}).get(name):
                text = f"the {kind} on line {{line}} has the same name; expected a {other} called differently"
                self._found.error(entry.key, text, line=first.key.line)
