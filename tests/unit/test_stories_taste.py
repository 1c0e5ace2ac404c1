from __future__ import annotations

import numpy as np

from bot.models import Relevance
from bot.stories.taste import EVEN, blend, learn
from bot.stories.vectors import Floats, word_vectors

PLAIN = Relevance(score=0.5, substance=0.6, topics=("Chips and accelerators",), reasons=("matches Chips",))
POWER = (
    "Utility approves a 400 MW gas plant beside the data centre",
    "Grid operator queues 214 GW of data centre load",
    "Reactor restart will feed a computing campus",
    "Developer signs a power purchase agreement for 600 MW of wind",
)
DEALS = (
    "Investors put $2 billion into a model company",
    "Cloud company raises bonds to buy accelerators",
    "Start-up valued at $40 billion in a new round",
    "Fund buys a stake in a chip designer",
)


def _vectors(*texts: str) -> Floats:
    return word_vectors().embed(texts)


def test_without_votes_nothing_changes() -> None:
    """A channel that never clicked gets what its topics say."""
    assert blend(PLAIN, learn([]), _vectors("Anything")[0]) is PLAIN
    assert learn([("A", _vectors("A")[0], 0)]).votes == 0


def test_votes_raise_what_is_like_the_liked_and_lower_what_is_like_the_disliked() -> None:
    """After eight clicks, power news rises and deals fall, each with a reason that names a story."""
    taste = learn([(text, _vectors(text)[0], 1) for text in POWER] + [(text, _vectors(text)[0], -1) for text in DEALS])
    power = blend(PLAIN, taste, _vectors("Nuclear plant to deliver 800 MW to a data centre")[0])
    deal = blend(PLAIN, taste, _vectors("Bank lends $3 billion to a cloud start-up")[0])
    assert power.score > PLAIN.score > deal.score
    assert "👍" in power.reasons[1]
    assert any(title[:30] in power.reasons[1] for title in POWER)
    assert "👎" in deal.reasons[1]


def test_few_votes_move_little_and_many_at_most_half_way_at_twenty() -> None:
    """The weight is n/(n+20): one click moves the score by less than .05."""
    text = POWER[0]
    one = learn([(text, _vectors(text)[0], 1)])
    assert 0 < blend(PLAIN, one, _vectors(text)[0]).score - PLAIN.score < 0.05
    many = learn([(text, _vectors(text)[0], 1)] * EVEN)
    assert many.weight == 0.5


def test_a_like_never_lowers() -> None:
    """However high a score is, what is like the liked rises, and the more the better the topics leave room."""
    text = POWER[0]
    (vector,) = _vectors(text)
    taste = learn([(text, vector, 1), (DEALS[0], _vectors(DEALS[0])[0], -1)])
    moved = [blend(Relevance(start, 0.5, (), ()), taste, vector).score - start for start in (0.2, 0.5, 0.95)]
    assert moved[0] > moved[1] > moved[2] > 0


def test_what_is_held_stays_held() -> None:
    """No number of 👍 posts an advert."""
    held = Relevance(score=0.1, substance=0.1, topics=(), reasons=(), held="an advert")
    taste = learn([(POWER[0], _vectors(POWER[0])[0], 3)] * 50)
    assert blend(held, taste, _vectors(POWER[0])[0]).held == "an advert"


def test_the_score_stays_between_0_and_1() -> None:
    """Whatever the vectors are."""
    rng = np.random.default_rng(7)
    rows = rng.normal(size=(40, 256)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    taste = learn([(str(n), row, 1 if n % 2 else -1) for n, row in enumerate(rows)])
    for start in (0.0, 0.5, 1.0):
        for row in rows:
            score = blend(Relevance(start, 0.5, (), ()), taste, row).score
            assert 0.0 <= score <= 1.0
