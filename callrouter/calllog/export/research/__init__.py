"""Calls for research: nobody in them can be told from at least four others, and no number is ever read."""

from callrouter.calllog.export.research.making import Made, ResearchOrder, export_research

__all__ = ["Made", "ResearchOrder", "export_research"]
