"""Briefs and answers: written from what was read, checked against it, in two ways of writing (extractive, LLM)."""
