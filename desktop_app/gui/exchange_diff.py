"""Two texts beside each other: what one has and the other has not is marked, by colour and by line."""

from __future__ import annotations

from html import escape

from desktop_app.gui import theme
from desktop_app.notices import wording
from desktop_app.notices.tree import Run


def marked(text: str, other: str) -> str:
    """A text as HTML for a label: the words that the other has not are underlined, a place where it has more is ‸."""
    if text == other:
        return _plain(text)
    before, after = wording.words([Run(other)]), wording.words([Run(text)])
    steps = wording.steps([one.text for one in before], [one.text for one in after])
    tint, ground = theme.colour("accent").name(), theme.colour("soft").name()
    parts = []
    for step in steps:
        words = _plain("".join(one.text for one in after[step.j : step.n]))
        if step.same:
            parts.append(words)
        elif words:
            parts.append(f'<span style="color:{tint};background:{ground};text-decoration:underline">{words}</span>')
        else:
            parts.append(f'<span style="color:{tint}">‸</span>')
    return "".join(parts)


def _plain(text: str) -> str:
    return escape(text).replace("\n", "<br>")
