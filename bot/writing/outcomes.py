"""What news sentences say happened, by families of words: deaths, arrests, victories, closures; pure.

A summary that says in its own words that somebody died has a word of that family in its source. Free rewriting errs
here more than anywhere: the fire becomes deadly, the suspect is jailed, the leader resigns.
"""

from __future__ import annotations

from collections.abc import Collection

_FAMILIES = """
die dies died dying dead death deaths kill kills killed killing killer fatal fatally deadly drown drowned drowns murder
murdered murdering manslaughter body bodies funeral inquest obituary homicide
| arrest arrests arrested arresting custody detained detain handcuffs
| charge charges charged charging prosecuted prosecution court accused magistrates indicted indictment
| jail jails jailed prison sentenced sentence imprisoned convicted guilty conviction bars
| resign resigns resigned resignation quit quits stepped step steps stand stands stood left leave leaves leaving
departure departs
| injure injures injured injury injuries hurt wounded wounds hospital hospitalised hospitalized
| win wins won winning beat beats beaten victory victories defeat defeats defeated gold title champion triumph
| sack sacked sacks dismissed dismissal fired suspended laid
| strike strikes striking walkout ballot walk
| shot shooting shoot shoots gun gunman gunshot shotgun armed firearm
| stab stabs stabbed stabbing knife
| rape raped sexual sexually assault assaulted abuse abused molested
| missing disappeared unaccounted vanished disappearance
| explosion explosions bomb bombing exploded explodes blast
| reject rejects rejected refused refuses turned blocked failed denied
| approve approves approved approval backed agreed permission won granted allowed licensed cleared
| collapse collapses collapsed administration bankrupt bankruptcy insolvent insolvency creditors
| sue sues sued suing lawsuit court suit
| fine fines fined penalty penalties
| destroy destroys destroyed demolish demolished gutted razed ruined
| cancer stroke heart tumour leukaemia
| close closes closed closing closure shut shuts shutting
| steal steals stole stolen theft robbed robbery robbers raid raided thieves burgled took
| crash crashes crashed collision collided derailed wreck
| sink sinks sank sunk capsized
| pregnant birth baby born
| record highest lowest unprecedented
"""
FAMILIES: tuple[frozenset[str], ...] = tuple(frozenset(family.split()) for family in _FAMILIES.split("|"))
_OF: dict[str, frozenset[int]] = {
    word: frozenset(number for number, family in enumerate(FAMILIES) if word in family)
    for word in frozenset().union(*FAMILIES)
}


def invented(words: Collection[str], source: Collection[str]) -> int:
    """How many families a sentence has words of and its source has none; both in lower case."""
    mine = {number for word in words for number in _OF.get(word, ())}
    return sum(not any(word in source for word in FAMILIES[number]) for number in mine)
