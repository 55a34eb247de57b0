"""A seeded year of calls, played in virtual time against the whole service in this process, with faults on.

Every call is drawn from (seed, number) alone, so that any one of them can be played again. Each is judged by what the
network saw and what the log says of it:

    scenes = Scenes(schedule, year=2027, seed=1)
    with Stage(schedule_text, home) as stage:
        for judged in play(stage, scenes, range(1, 20_001)):
            judged.violations          # must be empty

`play_year` plays it in several processes: a caller's calls stay in one of them, so the calls are the same.
`promises` says what every caller is owed, `agreement` when the log and the network agree.
"""

from callrouter.simulate.logbook import LoggedCall, LoggedLeg
from callrouter.simulate.parts import Year, play_year
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
    "Year",
    "play",
    "play_year",
]
