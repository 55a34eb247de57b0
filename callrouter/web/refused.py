"""What was typed and cannot be done."""

from callrouter.web.texts import Text


class Refused(Exception):  # noqa: N818 - a person is told so, no program
    """What was typed cannot be done; *text* says why."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text
