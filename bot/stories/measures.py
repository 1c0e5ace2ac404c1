"""Words beside a figure that say what it measures, or which part of it: what tells two equal figures apart."""

from __future__ import annotations

from bot.stories.lexicon import word_set
from bot.stories.sentences import stem

# Words that limit what a figure is a figure of: with different limits, different things are measured.
SCOPE = frozenset(
    stem(word)
    for word in word_set(
        """
        initial first second third fourth final phase stage total overall each per additional extra another further
        annual yearly monthly quarterly daily quarter average peak maximum minimum remaining rest half full expand
        expansion eventually later existing previous input output single hall rack concurrent construction permanent
        temporary
        """
    )
)
GENERIC = frozenset(
    stem(word)
    for word in word_set(
        """
        rose rise risen rises rising fell fall fallen falls falling grew grow grown climbed jumped dropped increased
        decreased added reach reached put puts cost costs said told expects expected plans planned will make made use
        used using takes took give gave set sets company companies firm people says about total nearly
        """
    )
)
# Of these, two from one row exclude each other: the first 300 MW are not the remaining 300 MW.
EXCLUSIVE = tuple(
    frozenset(stem(word) for word in word_set(row))
    for row in (
        "initial first second third fourth final remaining rest full overall total",
        "annual yearly monthly quarterly daily",
        "input output",
        "average peak maximum minimum",
        "existing additional extra another further previous",
        "per total overall",
        "construction permanent temporary",
    )
)
UP = frozenset(
    stem(word) for word in word_set("rose rise risen rises grew grow grown up increased climbed jumped gained higher")
)
DOWN = frozenset(
    stem(word) for word in word_set("fell fall fallen falls declined down dropped cut lower less reduced shrank lost")
)
FORECASTS = frozenset(
    stem(word) for word in word_set("sees see expects forecasts forecast predicts projects estimates")
)
# How a share price or an index moves.
MOVES = frozenset(
    stem(word)
    for word in word_set(
        """
        rose rise fell fall dropped gained lost slid slipped jumped climbed sank tumbled surged closed close opened
        trading up down
        """
    )
)
# What a figure measures: two figures of different rows are of different things, however equal.
MEASURES = {
    stem(word): row.split(maxsplit=1)[0]
    for row in (
        "revenue sales turnover",
        "profit income earnings",
        "loss deficit",
        "equity",
        "debt loan loans bond bonds note notes borrow borrowing borrowed lend lender lenders credit",
        "spending spend spent cost costs capex expenditure budget invest investment investing project build bill",
        "valuation valued",
        "price prices pricing rent rents rental tariff fee fees",
        "shares share stock",
        "output production starts capacity supply shipments volume",
        "orders order ordered backlog booked bookings",
        "delivered deliver delivers delivery deliveries",
        "staff headcount jobs employees workforce people workers",
        "yield yields",
        "margin margins",
        "battery batteries storage",
        "fine penalty",
        "subsidy grant grants",
        "tax levy duty",
        "deposit deposits",
    )
    for word in row.split()
}
