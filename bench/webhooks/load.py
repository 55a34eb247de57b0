"""How hard the servers are asked."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Load:
    """*connections* at once to *workers* processes: as fast as they are answered, or at a *rate* a second."""

    workers: int
    connections: int
    rate: float | None = None

    def __str__(self) -> str:
        paced = f", {self.rate:g} a second" if self.rate else ""
        return f"{_many(self.workers, 'worker')}, {_many(self.connections, 'connection')}{paced}"


def _many(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
