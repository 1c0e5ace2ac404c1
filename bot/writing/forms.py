"""Verbs whose forms no ending tells: "bought" is "buy". Pure.

The light stemmer of `bot.stories.sentences` knows endings alone; where a sentence is held against its source word by
word, "denied buying" and "bought" must meet.
"""

from __future__ import annotations

import re
from functools import lru_cache

_FORMS = """
buy buys buying bought | sell sells selling sold | build builds building built | win wins winning won
| lose loses losing lost | pay pays paying paid | spend spends spending spent | make makes making made
| take takes taking took taken | leave leaves leaving left | give gives giving gave given | get gets getting got
| begin begins beginning began begun | rise rises rising rose risen | fall falls falling fell fallen
| grow grows growing grew grown | cut cuts cutting | run runs running ran | send sends sending sent
| hold holds holding held | keep keeps keeping kept | draw draws drawing drew drawn | meet meets meeting met
| break breaks breaking broke broken | lead leads leading led | bring brings bringing brought
| steal steals stealing stole stolen | write writes writing wrote written | choose chooses choosing chose chosen
| drive drives driving drove driven | freeze freezes freezing froze frozen | find finds finding found
| sign signs signing signed | own owns owning owned | use uses using used | raise raises raising raised
| close closes closing closed | lease leases leasing leased | acquire acquires acquiring acquired
"""
_BASE = {form: line.split()[0] for line in _FORMS.split("|") for form in line.split()}
_WORD = re.compile(r"[A-Za-z]+")


@lru_cache(maxsize=2048)
def folded(text: str) -> str:
    """A text with every known form of such a verb replaced by its base form; for comparing only."""
    return _WORD.sub(lambda match: _BASE.get(match[0].lower(), match[0]), text)
