"""Calls for people and programs elsewhere: whole files of them, and the one record that machines read.

A file is there whole or not at all; numbers in it are masked unless they were asked for.
"""

from callrouter.calllog.export.as_json import as_json, event_as_json, shown
from callrouter.calllog.export.child import ExportError, in_child
from callrouter.calllog.export.exporting import export
from callrouter.calllog.export.order import Format, Order

__all__ = [
    "ExportError",
    "Format",
    "Order",
    "as_json",
    "event_as_json",
    "export",
    "in_child",
    "shown",
]
