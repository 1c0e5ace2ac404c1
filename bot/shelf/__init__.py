"""The shelf: sample feeds and articles, put out over time by a local web server.

Ten made-up publishers write about made-up companies, so that the bot can be seen at work (and tested) with no
network. The shelf knows nothing of the bot: the bot fetches it over HTTP like any other site.

    shelf = Shelf(state_path=Path("shelf.json"))
    await shelf.start()
    [feed.url for feed in shelf.feeds]  # what an admin would subscribe
    await shelf.stop()
"""

from bot.shelf.catalog import CatalogError
from bot.shelf.progress import ProgressError
from bot.shelf.server import SampleFeed, Shelf
from bot.shelf.site import Request

__all__ = ["CatalogError", "ProgressError", "Request", "SampleFeed", "Shelf"]
