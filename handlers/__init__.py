"""Slack listeners: acknowledge, parse, one call into the newsroom, render, reply."""
