"""What the editor says, which is not ours and speaks English: its words as it has them, and the Swedish."""

from collections.abc import Mapping

from callrouter.web.texts import Language

_SWEDISH: Mapping[str, str] = {
    "Find": "Sök",
    "Replace": "Ersätt med",
    "next": "nästa",
    "previous": "föregående",
    "all": "markera alla",
    "match case": "skilj på stora och små",
    "regexp": "reguljärt uttryck",
    "by word": "hela ord",
    "replace": "ersätt",
    "replace all": "ersätt alla",
    "close": "stäng",
    "current match": "nuvarande träff",
    "on line": "på rad",
    "replaced match on line $": "ersatte träffen på rad $",
    "replaced $ matches": "ersatte $ träffar",
    "Go to line": "Gå till rad",
    "go": "gå",
    "Diagnostics": "Fel och varningar",
    "No diagnostics": "Inga fel, inga varningar",
    "Control character": "Styrtecken",
    "Selection deleted": "Markeringen är borttagen",
}


def editor_words(language: Language) -> Mapping[str, str]:
    """What the editor is to say instead of its own words."""
    return _SWEDISH if language is Language.SWEDISH else {}
