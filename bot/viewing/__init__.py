"""The web view: archive, stories and feeds' health to read in a browser; entered from Slack by links that expire.

Nothing here changes anything: no forms but the search, no scripts, and every page is made on the server.
"""

from bot.viewing.routes import View

__all__ = ["View"]
