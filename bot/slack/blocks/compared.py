"""The figures of a digest that several publishers give, as a table: what is sure, what is argued. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.models import Digest, DigestFigure, Standing
from bot.slack.blocks.brief import SIGNS
from bot.slack.blocks.message import Block, table
from bot.slack.escape import ELLIPSIS, line, without_addresses
from bot.stories.wording import needs_words

ROWS_LEAST, ROWS_MOST = 3, 6
"""Two are seen in their lines; more than six push the lines off a phone's screen."""
FIGURE_MOST, STORY_MOST = 44, 70
"""Characters of a cell: two columns have to stand side by side on a phone, 390 points wide."""
HEAD = ("Figure", "Story")
LEGEND = "✓ confirmed by several publishers · ○ a single source · ⚠ disputed"


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure that its publishers confirm (✓) or dispute (⚠, with what others give), and its story's headline."""

    figure: str
    story: str


def compared(told: Digest) -> tuple[Compared, ...]:
    """One figure a story, the disputed ones first; none where only a few were compared."""
    found = [(figure, item.headline) for item in told.items if (figure := _weightiest(item.figures)) is not None]
    found.sort(key=lambda each: (each[0].standing is not Standing.DISPUTED, -each[0].publishers))
    rows = tuple(Compared(_said(figure), _cell(headline, STORY_MOST)) for figure, headline in found[:ROWS_MOST])
    return rows if len(rows) >= ROWS_LEAST else ()


def _weightiest(figures: Sequence[DigestFigure]) -> DigestFigure | None:
    """The first that is disputed, else the first that is confirmed and says something in a cell of its own."""
    disputed = next((figure for figure in figures if figure.standing is Standing.DISPUTED), None)
    plain = (one for one in figures if one.standing is Standing.CONFIRMED and not needs_words(one.shown))
    return disputed or next(plain, None)


def _said(figure: DigestFigure) -> str:
    assert figure.standing is not None
    given = " or ".join([figure.shown, *figure.others[:1]])
    return f"{SIGNS[figure.standing]} {_cell(given, FIGURE_MOST)}"


def _cell(text: str, most: int) -> str:
    """Foreign words for a cell, which is shown as it is: no mention, no link, of at most `most` characters."""
    words = line(without_addresses(text)).replace("<", "‹").replace(">", "›")
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}{ELLIPSIS}"


def compared_table(rows: Iterable[Compared]) -> Block:
    """The rows as Slack shows them: both columns wrap, so that nothing is scrolled sideways."""
    cells = ((row.figure, row.story) for row in rows)
    return table(HEAD, cells, columns=({"is_wrapped": True}, {"is_wrapped": True}))
