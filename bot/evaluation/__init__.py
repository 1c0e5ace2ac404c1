"""How well it works: labelled sets, measures and tables behind `tapeout eval` and `tapeout replay`.

Nothing of the bot imports this package but the command line, and that only when such a command runs.
"""
