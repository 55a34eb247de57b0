"""How templates call functions: as Python does, thousands of times a page."""

from typing import Any

from flask.templating import Environment
from jinja2.runtime import Context


class PlainContext(Context):
    """Jinja's asks of each function, each time, whether it wants the context: none of ours does, and no macro needs it.

    That took a tenth of a page of a hundred rows.
    """

    def call(self, what: Any, /, *args: Any, _loop_vars: Any = None, _block_vars: Any = None, **values: Any) -> Any:
        """What *what* makes of them; the rest is what Jinja has at hand for those that want the context."""
        return what(*args, **values)


class PageEnvironment(Environment):
    """The templates of the pages: each is HTML, so that what macros make is escaped."""

    context_class = PlainContext
