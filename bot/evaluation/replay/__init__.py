"""Saved versions of feeds, taken in again one after the other: what would have been posted, and what not, and why."""
