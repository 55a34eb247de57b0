"""What goes wrong between the network and the service in one call, drawn from its seed and counted."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence

from callrouter.telephony.simulator import AFTER_NEXT, Faults, Loss

_NONE = Faults()
_SOME = Faults(drop=0.05, duplicate=0.05, delay=0.1, reorder=0.05, lose_request=0.03, lose_answer=0.03)
_MANY = Faults(drop=0.3, duplicate=0.3, delay=0.5, reorder=0.3, lose_request=0.15, lose_answer=0.15)
_NO_CALLBACK_EVER_COMES = Faults(drop=1.0)
_WEIGHTS: Mapping[str, tuple[Faults, int]] = {
    "none": (_NONE, 35),
    "some": (_SOME, 35),
    "many": (_MANY, 25),
    "no callbacks": (_NO_CALLBACK_EVER_COMES, 5),
}


def drawn(chance: random.Random) -> Faults:
    """How bad the lines are in this call."""
    kinds = list(_WEIGHTS.values())
    return chance.choices([faults for faults, _ in kinds], [weight for _, weight in kinds])[0]


class Mishaps:
    """Lets *faults* happen, by chances of its own, and counts them.

    A callback is lost, doubled, late or overtaken by the next; of requests for instructions the first attempt may lose
    the request or the answer.
    """

    def __init__(self, faults: Faults, seed: str) -> None:
        self.counts: Counter[str] = Counter()
        self._likely = faults
        self._chance = random.Random(seed)

    @property
    def faults(self) -> Faults:
        """What the phone network is to do."""
        return Faults(callbacks=self._callbacks, answers=self._answers)

    def _callbacks(self, kind: str, nth: int) -> Sequence[float]:
        delays = self._likely.deliveries(kind, nth, self._chance)
        self.counts["callback lost"] += not delays
        self.counts["callback doubled"] += len(delays) > 1
        self.counts["callback overtaken"] += AFTER_NEXT in delays
        self.counts["callback late"] += any(0 < delay < AFTER_NEXT for delay in delays)
        return delays

    def _answers(self, kind: str, nth: int) -> Loss | None:
        loss = self._likely.loss(kind, nth, self._chance)
        if loss:
            self.counts[f"{loss} lost"] += 1
        return loss
