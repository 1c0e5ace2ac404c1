"""The simple method that stands beside the bot's joining, and both on the project's general headlines."""

from bot.evaluation import clustering, simple
from bot.models import Article
from bot.stories.vectors import word_vectors


def headline(number: int, title: str) -> Article:
    """A bare headline."""
    return Article(number, 1, str(number), f"https://a.example/{number}", title, publisher="The Paper")


def test_each_threshold_parts_more_and_equal_headlines_stay_together() -> None:
    """Low thresholds join what shares an event, high ones only what is alike; nothing is lost or made up."""
    articles = [
        headline(1, "Ferry sinks off Luwan with 240 aboard"),
        headline(2, "Chess crown goes to teenager"),
        headline(3, "Dozens missing after Luwan ferry sinks"),
        headline(4, "Chess crown goes to teenager"),
    ]
    made = simple.runs(articles, word_vectors())
    assert len(made) == len(simple.THRESHOLDS)
    assert all(run.keys() == {1, 2, 3, 4} and run[2] == run[4] for run in made)
    stories = [len(set(run.values())) for run in made]
    assert stories == sorted(stories)
    assert made[0][1] == made[0][3] != made[0][2]


def test_an_article_without_words_joins_nothing_that_has_some() -> None:
    """Nothing to compare by is no reason to join, and no trouble."""
    made = simple.runs([headline(1, "…"), headline(2, "Ferry sinks off Luwan with 240 aboard")], word_vectors())
    assert all(len(set(run.values())) == 2 for run in made)


def test_the_bot_joins_general_headlines_better_than_the_simple_method_does() -> None:
    """With nothing fitted to them the bot is above the simple method, whose threshold is; both are good."""
    labelled = clustering.read(clustering.HEADLINES)
    true = {article.id: story for article, story in labelled}
    beside = clustering.fitted(simple.runs([article for article, _ in labelled], word_vectors()), true)
    made = clustering.run(labelled, word_vectors(), sweep=())
    assert beside is not None
    assert beside.f1 > 0.85
    assert made.shipped.score.f1 > beside.f1
    assert made.shipped.score.f1 > 0.90
