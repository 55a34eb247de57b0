"""What may go wrong between the network and the service."""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

Loss = Literal["request", "answer"]

AFTER_NEXT = math.inf
"""A delay that lasts until the call's next callback has been delivered (or none is left)."""


@dataclass(frozen=True, slots=True)
class Faults:
    """Probabilities (0 to 1) drawn from the seed, and scripts that decide exactly.

    Callbacks (status, leg, recording) can be dropped, duplicated, delayed and reordered. Requests for
    instructions can lose the request (it never reaches the service) or the answer (the service handled it, but
    the network did not hear), in the first attempt only.

    ``callbacks(kind, nth)`` gives the delays in seconds of each delivery of the nth callback of that kind in
    the call (from 0): ``[]`` drops it, ``[0, 0]`` doubles it, ``[30]`` delays it, ``[AFTER_NEXT]`` lets the next
    one overtake it, None leaves it to chance. ``answers(kind, nth)`` likewise says what is lost, if anything.
    """

    drop: float = 0.0
    duplicate: float = 0.0
    delay: float = 0.0
    reorder: float = 0.0
    lose_request: float = 0.0
    lose_answer: float = 0.0
    longest_delay: float = 90.0
    callbacks: Callable[[str, int], Sequence[float] | None] | None = None
    answers: Callable[[str, int], Loss | None] | None = None

    def deliveries(self, kind: str, nth: int, chance: random.Random) -> Sequence[float]:
        """Delays in seconds, one for each time the callback is delivered."""
        scripted = self.callbacks(kind, nth) if self.callbacks else None
        if scripted is not None:
            return scripted
        if chance.random() < self.drop:
            return ()
        first = self._delay(chance)
        return (first, self._delay(chance)) if chance.random() < self.duplicate else (first,)

    def _delay(self, chance: random.Random) -> float:
        if chance.random() < self.reorder:
            return AFTER_NEXT
        return chance.uniform(0, self.longest_delay) if chance.random() < self.delay else 0.0

    def loss(self, kind: str, nth: int, chance: random.Random) -> Loss | None:
        """What the first attempt of this request for instructions loses."""
        scripted = self.answers(kind, nth) if self.answers else None
        if scripted is not None:
            return scripted
        if chance.random() < self.lose_request:
            return "request"
        return "answer" if chance.random() < self.lose_answer else None
