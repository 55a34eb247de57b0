"""`callrouter simulate`: a seeded year of calls with faults, played in virtual time and judged call by call."""

import json
import secrets
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.calllog.queries import calls_named
from callrouter.cli.problems import Problem, explained
from callrouter.cli.schedule.files import ScheduleFile, opened, unit_called
from callrouter.cli.timeline import told
from callrouter.domain.schedule import Schedule
from callrouter.schedule import ScheduleErrors, load_for_service
from callrouter.simulate import Judged, Scenes, Stage, Tally, Violation, play
from callrouter.cli.simulated import ...
