"""`python -m bot` is `tapeout`."""

from bot.cli import main

main()
