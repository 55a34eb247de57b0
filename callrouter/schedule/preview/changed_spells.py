"""The times at which somebody else is on call, or others stand in line, by another schedule."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from callrouter.domain.destination import Contract, Destination, Target
from callrouter.domain.oncall import Person, Rota
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.span import Span
from callrouter.schedule.preview.said import Words, in_promise


@dataclass(frozen=True, slots=True)
class Spells:
    """Spans (in order, each with an end) in which the same thing is said instead of another."""

    what: str
    spans: tuple[Span, ...]
    old: Words
    new: Words


def changed_duty(old: Rota | None, new: Rota, span: Span) -> tuple[Spells, ...]:
    """Return who else is on call, and when in *span* (which has an end)."""
    edges = [edge for rota in (old, new) if rota for edge in _hand_offs(rota, span)]

    def before(at: datetime) -> Words:
        return _person(old.on_call(at)) if old else ()

    return _changed("on call", before, lambda at: _person(new.on_call(at)), edges, span)


def changed_lineup(old: Destination | None, new: Destination, span: Span) -> tuple[Spells, ...]:
    """Return who else stands in line, for which company, and when in *span* (which has an end)."""
    contracts = (*(old.contracts if old else ()), *new.contracts)
    edges = [edge for rule in contracts for edge in (rule.span.start, rule.span.end) if edge]

    def company(destination: Destination | None, at: datetime) -> Words:
        rules = destination.contracts if destination else ()
        return tuple(_company(rule) for rule in rules if rule.span.covers(at))[:1]

    def line(destination: Destination | None, at: datetime) -> Words:
        return tuple(map(_target, destination.lineup(at).ring)) if destination else ()

    return (
        *_changed("company", lambda at: company(old, at), lambda at: company(new, at), edges, span),
        *_changed("rings", lambda at: line(old, at), lambda at: line(new, at), edges, span),
    )


def _changed(
    what: str,
    old: Callable[[datetime], Words],
    new: Callable[[datetime], Words],
    edges: Iterable[datetime],
    span: Span,
) -> tuple[Spells, ...]:
    """Ask both between any two *edges*, and gather the spans in which they differ alike."""
    groups: dict[tuple[Words, Words], list[Span]] = {}
    for piece in _pieces(edges, span):
        said = old(piece.start), new(piece.start)
        if said[0] != said[1]:
            spans = groups.setdefault(said, [])
            if spans and spans[-1].end == piece.start:
                spans[-1] = Span(spans[-1].start, piece.end)
            else:
                spans.append(piece)
    return tuple(Spells(what, tuple(spans), *said) for said, spans in groups.items())


def _pieces(edges: Iterable[datetime], span: Span) -> Iterator[Span]:
    inside = sorted({edge for edge in edges if span.start < edge and span.covers(edge)})
    starts = [span.start, *inside]
    for start, end in zip(starts, [*inside, span.end], strict=True):
        yield Span(start, end)


def _hand_offs(rota: Rota, span: Span) -> Iterator[datetime]:
    for shift in rota.shifts(span.start, span.end or span.start):
        yield shift.span.start
        if shift.span.end:
            yield shift.span.end


def _person(person: Person | None) -> Words:
    return (person.name,) if person else ()


def _company(contract: Contract) -> str:
    promise = contract.answer_within
    return contract.company + (f" ({in_promise(promise)})" if promise else "")


def _target(target: Target) -> str | PhoneNumber:
    match target:
        case PhoneNumber():
            return target
        case Person():
            return target.name
        case Rota():
            return f"{target.name} (rota)"
