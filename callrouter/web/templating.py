"""How templates call functions: as Python does, thousands of times a page; and how they let go of what they showed."""

from contextvars import ContextVar
from typing import Any

from flask.templating import Environment
from jinja2 import Template
from jinja2.runtime import Context

_CONTEXTS: ContextVar[list[Context] | None] = ContextVar("contexts", default=None)
"""Those of the page that is being made: its own, and one of each template that it takes from."""


class PlainContext(Context):
    """Jinja's asks of each function, each time, whether it wants the context: none of ours does, and no macro needs it.

    That took a tenth of a page of a hundred rows.
    """

    def __init__(self, *what: Any, **named: Any) -> None:
        super().__init__(*what, **named)
        if (contexts := _CONTEXTS.get()) is not None:
            contexts.append(self)

    def call(self, what: Any, /, *args: Any, _loop_vars: Any = None, _block_vars: Any = None, **values: Any) -> Any:
        """What *what* makes of them; the rest is what Jinja has at hand for those that want the context."""
        return what(*args, **values)


class PageTemplate(Template):
    """A macro and the context that it stands in hold each other, and with them all that a page was made of.

    A report is a megabyte, which would stay until Python looks for waste, and take a twentieth of its time to be found.
    """

    def render(self, *what: Any, **values: Any) -> str:
        """The text; its macros are gone afterwards."""
        contexts: list[Context] = []
        outside = _CONTEXTS.set(contexts)
        try:
            return super().render(*what, **values)
        finally:
            _CONTEXTS.reset(outside)
            for context in contexts:
                context.vars.clear()


class PageEnvironment(Environment):
    """The templates of the pages: each is HTML, so that what macros make is escaped."""

    context_class = PlainContext
    template_class = PageTemplate
