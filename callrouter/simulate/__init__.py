"""A seeded year of calls, played in virtual time against the whole service in this process, with faults on.

Every call is drawn from (seed, number) alone, so that any one of them can be played again. Each is judged by what the
network saw and what the log says of it:

    scenes = Scenes(schedule, year=2027, seed=1)
    with Stage(schedule_text, home) as stage:
        for judged in play(stage, scenes, range(1, 20_001)):
            judged.violations          # must be empty

`promises` says what every caller is owed, `agreement` when the log and the network agree.
"""

from callrouter.simulate.logbook import LoggedCall, LoggedLeg
from callrouter.simulate.play import Judged, Violation, play
from callrouter.simulate.scene import Scene, Scenes
from callrouter.simulate.stage import Performance, Stage
from callrouter.simulate.tally import Tally

__all__ = [
    "Judged",
    "LoggedCall",
    "LoggedLeg",
    "Performance",
    "Scene",
    "Scenes",
    "Stage",
    "Tally",
    "Violation",
    "play",
]
