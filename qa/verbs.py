"""English verbs, told by closed lists and by their endings: which words are taken for one, and what follows "did"."""

from __future__ import annotations

import re


def listed(vocabulary: str) -> frozenset[str]:
    """Return the words of a closed list."""
    return frozenset(vocabulary.split())


# Verb forms that no ending gives away, with the form that follows "did".
VERBS = {
    "arose": "arise", "ate": "eat", "beat": "beat", "became": "become", "began": "begin", "bought": "buy",
    "brought": "bring", "broke": "break", "built": "build", "came": "come", "caught": "catch", "chose": "choose",
    "cost": "cost", "cut": "cut", "died": "die", "drank": "drink", "drew": "draw", "drove": "drive", "fell": "fall",
    "felt": "feel", "fled": "flee", "flew": "fly", "fought": "fight", "found": "find", "gave": "give", "got": "get",
    "grew": "grow", "had": "have", "held": "hold", "hid": "hide", "hit": "hit", "kept": "keep", "knew": "know",
    "laid": "lay", "lay": "lie", "led": "lead", "left": "leave", "lost": "lose", "made": "make", "met": "meet",
    "paid": "pay", "put": "put", "ran": "run", "rose": "rise", "said": "say", "sang": "sing", "sank": "sink",
    "sat": "sit", "saw": "see", "sent": "send", "set": "set", "shook": "shake", "shot": "shoot", "sold": "sell",
    "sought": "seek", "spent": "spend", "spoke": "speak", "spread": "spread", "stole": "steal", "stood": "stand",
    "struck": "strike", "swam": "swim", "taught": "teach", "thought": "think", "threw": "throw", "told": "tell",
    "took": "take", "tore": "tear", "went": "go", "withdrew": "withdraw", "won": "win", "wore": "wear",
    "wrote": "write",
}  # fmt: skip
STEMS = {stem: past for past, stem in VERBS.items()}  # the other way round
_OTHER_FORMS = listed(
    "born won worn torn thrown drawn shown grown known gone sunk struck come go get keep hold live meet buy bring leave"
    " say says goes costs takes lives holds lies stands covers runs leads pays owns sells backs gets gives makes"
    " eats comes fears hosts works place"
)
IRREGULAR = frozenset(VERBS) | _OTHER_FORMS
_PARTICIPLE = re.compile(r".{2,}(?:ed|ing|(?<![mr])en)$")  # no men, women and children

# How a verb is spelled without its "-ed". A last letter after a single vowel would be doubled ("planned") if no "e" had
# stood there, but for verbs of several syllables that are not stressed on the last ("visited").
_DOUBLED = re.compile(r"(?<=..)([^aeioulsz])\1$|(?<!q)[aeiou]\w*ell$|(?:contr|patr)oll$|(?:sign|riv|tot|equ)all$")
_END = "[^aeiouwxy]"
_SILENT = re.compile(
    rf"^(?:[^aeiouy]*|s?qu)[aeiouy]{_END}$"  # hope, use, quote
    rf"|(?:[^aeiou]|[gq]u)(?:a{_END}|i(?![tp]){_END}|o(?![np]){_END}|u{_END}|ed)$"  # debate, acquire, promote, secure
    r"|[vczu]$|[^s]s$|[iu]at$|[aeiou]g$|(?<!o)ng$|[dlr]g$|[bcdfgkptz]l$"  # solve, cause, appreciate, manage, settle
)
_WITH_E = listed(
    "creat recreat unit reunit invit excit incit ignit recit complet compet delet wast tast past postpon condon"
)
_WITHOUT_E = listed(
    "signal total rival equal combat honor favor author labor harbor mirror anchor monitor sponsor tutor factor doctor"
    " pilot ballot pivot ransom blossom debut focus bias canvas hang bang"
)
_UNCHANGED = listed("bet bid broadcast burst cast hurt let quit read rid shed shut split thrust upset")
# Verbs of one syllable double their last letter before "-ed", others where they are stressed on the last.
_DOUBLING = re.compile(r"^(?:[^aeiou]*|qu|squ)[aeiou][^aeiouwxy]$")
_STRESSED = listed(
    "admit commit emit omit permit submit transmit refer prefer transfer confer defer infer occur incur regret equip"
    " compel expel propel control patrol rebel"
)
_IN_Y = re.compile(r"[^aeiou]y$")
_HISSING = re.compile(r"(?:[sxz]|[cs]h|[^aeiou]o)$")


def is_verb(word: str) -> bool:
    """Return whether a word is taken for a form of a verb."""
    return not word[:1].isupper() and (word in IRREGULAR or bool(_PARTICIPLE.match(word)))


def after_did(verb: str) -> str:
    """Return the form of a verb in the past that follows "did"; empty for a word that is not known to be one."""
    if verb in VERBS:
        return VERBS[verb]
    if not verb.endswith("ed") or len(verb) < 4:
        return ""
    stem = verb[:-2]
    if stem.endswith("e"):
        return f"{stem}e"
    if stem.endswith("i"):
        return f"{stem[:-1]}y" if len(stem) > 2 else f"{stem}e"  # carry, lie
    if _DOUBLED.search(stem):
        return stem[:-1]
    silent = stem in _WITH_E or (stem not in _WITHOUT_E and _SILENT.search(stem))
    return f"{stem}e" if silent else stem


def in_the_past(verb: str) -> str:
    """Return the past of the form of a verb that follows "did"."""
    if verb in STEMS:
        return STEMS[verb]
    if verb in _UNCHANGED:
        return verb
    if _DOUBLING.search(verb) or verb in _STRESSED:
        return f"{verb}{verb[-1]}ed"
    return f"{verb[:-1]}ied" if _IN_Y.search(verb) else f"{verb.removesuffix('e')}ed"


def in_the_present(verb: str) -> str:
    """Return the present of the form of a verb that follows "does"."""
    if verb == "have":
        return "has"
    if _IN_Y.search(verb):
        return f"{verb[:-1]}ies"
    return f"{verb}es" if _HISSING.search(verb) else f"{verb}s"
