"""Charts as SVG: pure functions from numbers and finished words to markup, drawn in the colour of their surroundings.

No style and no script stands in them; what is drawn is told by words, numbers and patterns too, never by colour alone.
"""
