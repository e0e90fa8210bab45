"""English as it is written in Britain and in America: one spelling for both, so that either finds the other."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["one_spelling"]

_WORDS: Final = {
    "aluminium": "aluminum",
    "catalogue": "catalog",
    "catalogues": "catalogs",
    "cheque": "check",
    "cheques": "checks",
    "defence": "defense",
    "dialogue": "dialog",
    "dialogues": "dialogs",
    "grey": "gray",
    "licence": "license",
    "licences": "licenses",
    "mould": "mold",
    "moulds": "molds",
    "offence": "offense",
    "offences": "offenses",
    "plough": "plow",
    "ploughs": "plows",
    "practise": "practice",
    "programme": "program",
    "programmes": "programs",
}
_ENDINGS: Final = (
    (re.compile("(?<=..[bdgilmnpv])our"), "or"),  # colour, neighbours; not hour, flour, course
    (re.compile("(?<=..[bt])re(?=s?$)"), "er"),  # metre, fibres
    (re.compile("(?<=...[lnrtdgsm])is(?=e$|ed$|es$|ers?$|ing$|ingly$|ation|able)"), "iz"),  # realise
    (re.compile("(?<=al)ys(?=e$|ed$|es$|ers?$|ing$)"), "yz"),  # analyse
)


def one_spelling(word: str) -> str:
    """Return an English word in lower case in the one spelling; its first two letters are always the same."""
    known = _WORDS.get(word)
    if known is not None:
        return known
    for ending, other in _ENDINGS:
        word = ending.sub(other, word)
    return word
