"""Checks one element against the provider's tables: what may stand in it, and where."""

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass, field

from callrouter.telephony.simulator.journal import ServiceError
from callrouter.telephony.simulator.tables import ELEMENTS, SCHEMA_WARNING


@dataclass(slots=True)
class Reader:
    """Collects what the provider warns of. A wrong value counts as absent, a wrong element is skipped."""

    url: str
    errors: list[ServiceError] = field(default_factory=list)

    def warn(self, code: int, sentence: str) -> None:
        """The provider minds, and goes on."""
        self.errors.append(ServiceError(code, sentence, fatal=False, url=self.url))

    def lint(self, sentence: str) -> None:
        """The provider says nothing, and the caller suffers."""
        self.warn(0, sentence)

    def open(self, element: ET.Element) -> tuple[Mapping[str, str], list[ET.Element]]:
        """The attributes and the nested elements that are as the tables have them."""
        table = ELEMENTS[element.tag]
        stray = [child.tail for child in element] + ([] if table.has_text else [element.text])
        if any(text and text.strip() for text in stray) and not table.is_mixed:
            self.warn(SCHEMA_WARNING, f"<{element.tag}> holds text where only elements may stand")
        return self._attributes(element), [child for child in element if self._may_stand(child, element)]

    def _may_stand(self, child: ET.Element, parent: ET.Element) -> bool:
        table = ELEMENTS[parent.tag]
        if child.tag not in table.children:
            allowed = ", ".join(sorted(table.children)) or "nothing"
            self.warn(table.wrong_child, f"<{child.tag}> inside <{parent.tag}>: {allowed} may stand there")
        return child.tag in table.children

    def _attributes(self, element: ET.Element) -> Mapping[str, str]:
        table = ELEMENTS[element.tag].attributes
        kept = {}
        for name, value in element.attrib.items():
            if name not in table:
                known = ", ".join(sorted(table)) or "none"
                self.warn(SCHEMA_WARNING, f"<{element.tag} {name}>: no such attribute; it has {known}")
            elif not table[name].accepts(value):
                expected = table[name].expected
                self.warn(table[name].code, f"<{element.tag} {name}={value!r}>: {expected} is expected")
            else:
                kept[name] = value
        return kept
