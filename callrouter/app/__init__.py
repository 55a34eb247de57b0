"""The composition root: settings in, a whole service out. Everything is put together here and nowhere else."""

from callrouter.app.jobs import Clock, create_clock
from callrouter.app.service import Application, create_app

__all__ = ["Application", "Clock", "create_app", "create_clock"]
