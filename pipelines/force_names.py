"""Which police forces a sentence names, by the names and aliases of the forces table.

Belongs here: finding names in running text, lists of names included. Does not belong here: what is said of a force
(``extract``), or which force a whole report is about (``reports``).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from pipelines.reference import load

# Stands in a masked sentence for one mention: a force, or a list of forces.
MASK = "@"

# "DPP" is the Director of Public Prosecutions as well as Dyfed-Powys Police: initials name nobody for certain.
INITIALS = re.compile(r"^(?=.*[A-Z].*[A-Z])[A-Za-z]{2,4}$")
# A name that is part of a longer one is another body: "Kent County Council", "Durham University".
NOT_BEFORE = r"(?![A-Za-z])(?!\s(?!Police|Constabulary|Service)[A-Z][a-z])"
# ... or another place: "University of Kent", "East Sussex", "Mid Wales".
NOT_AFTER = r"(?<![A-Za-z])(?<!\b[Uu]niversity of )(?<!\bEast )(?<!\bWest )(?<!\bNorth )(?<!\bSouth )(?<!\bMid )"
# Before the last name of a list. Trap: "Unlike Kent Police, Essex Police was" is no list: a list has an "and".
# Abbreviations in brackets and articles may stand between: "A Police (AP), B Police and the C Police Service (CPS)".
LAST_LINK = re.compile(r",? (?:and|&) (?:the )?")
LINK = re.compile(r", (?:the )?")
ABBREVIATION = re.compile(r" ?\([A-Z][A-Za-z&]{1,5}\)")
# Before a name that is no part of the list behind its comma: "Unlike Kent Police, Essex and Suffolk forces were".
APART = re.compile(r"\b(?:un)?like (?:the )?$|\b(?:compared|contrast) (?:with|to) (?:the )?$", re.IGNORECASE)
APART_LENGTH = 20  # no longer than its longest text and a letter before it
# What closes a list of names without "Police".
LIST_NOUN = re.compile(r" (?:police )?forces(?=[\s,.;:)]|$)")


@dataclass(frozen=True)
class Force:
    """A police force as the forces table has it."""

    area_code: str
    force_id: str
    name: str


@dataclass(frozen=True)
class Masked:
    """A sentence with every mention of forces replaced by ``MASK``; ``mentions[n]`` are the forces of the n-th mask."""

    text: str
    mentions: tuple[tuple[Force, ...], ...]

    @cached_property
    def forces(self) -> tuple[Force, ...]:
        """Every force named, in the order of the text, each once."""
        return tuple(dict.fromkeys(force for mention in self.mentions for force in mention))

    def mention_at(self, position: int) -> tuple[Force, ...]:
        """The forces of the mask that stands at a position of ``text``."""
        return self.mentions[self.text.count(MASK, 0, position)]


@lru_cache(maxsize=4096)
def mask_forces(text: str) -> Masked:
    """The sentence with its forces masked; a list of forces ("A, B and C forces") is one mention."""
    plain = " ".join(text.replace("’", "'").replace("‘", "'").replace(MASK, " ").split())
    names = list(_name().finditer(plain))
    parts: list[str] = []
    mentions: list[tuple[Force, ...]] = []
    end = 0
    for listed in _lists(plain, names):
        parts += [plain[end : listed[0].start()], MASK]
        mentions.append(tuple(_by_key()[_key(name.group())] for name in listed))
        end = _name_end(plain, listed[-1])
        noun = LIST_NOUN.match(plain, end)
        end = noun.end() if noun else end
    return Masked("".join([*parts, plain[end:]]), tuple(mentions))


def _lists(text: str, names: Sequence[re.Match[str]]) -> Iterator[Sequence[re.Match[str]]]:
    """The names, those together that make one list: commas between, an "and" before the last. Looks at each once."""
    first = 0
    while first < len(names):
        last = first
        start = names[first].start()
        apart = bool(APART.search(text[max(0, start - APART_LENGTH) : start]))
        listed = False
        while not listed and last + 1 < len(names):
            between = text[_name_end(text, names[last]) : names[last + 1].start()]
            listed = bool(LAST_LINK.fullmatch(between))
            if not listed and (apart or not LINK.fullmatch(between)):
                break
            last += 1
        if listed:
            yield names[first : last + 1]
        else:
            yield from (names[number : number + 1] for number in range(first, last + 1))
        first = last + 1


def _name_end(text: str, name: re.Match[str]) -> int:
    """Where a name ends, with its abbreviation in brackets."""
    abbreviation = ABBREVIATION.match(text, name.end())
    return abbreviation.end() if abbreviation else name.end()


def forces_named(text: str) -> tuple[Force, ...]:
    """Every force that the text names, in its order, each once."""
    return mask_forces(text).forces


def force_mentions(text: str) -> list[tuple[int, int, Force]]:
    """Where single forces are named in a text as it stands: start, end and force, in the order of the text."""
    return [(match.start(), match.end(), _by_key()[_key(match.group())]) for match in _name().finditer(text)]


@cache
def _by_key() -> dict[str, Force]:
    forces: dict[str, Force] = {}
    for name, force in _names():
        for ending in ("", " Police", " Constabulary"):
            forces.setdefault(_key(name + ending), force)
    return forces


@cache
def _names() -> tuple[tuple[str, Force], ...]:
    return tuple(
        (name, Force(row["area_code"], row["force_id"], row["name_hmic"]))
        for row in load("forces")
        if row["area_type"] == "police_force_area"
        for name in (row["name_hmic"], row["name_home_office"], row["name_ons"], *row["aliases"].split(";"))
        if name and not INITIALS.match(name)
    )


def _key(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.replace("&", "and").casefold())


@cache
def _name() -> re.Pattern[str]:
    names = {name for name, _ in _names()}
    # The longest first: "West Mercia Police" before "West Mercia", "Devon and Cornwall" is one name, not two.
    alternatives = "|".join(_spelled(name) for name in sorted(names, key=lambda name: (-len(name), name)))
    # Most places of a text are no beginning of a name: looked at first, and cheaply.
    initials = "".join(sorted({name[0] for name in names}))
    return re.compile(
        rf"(?=[{initials}])\b{NOT_AFTER}(?:{alternatives})(?:\s(?:Police|Constabulary)(?![A-Za-z]))?{NOT_BEFORE}"
    )


def _spelled(name: str) -> str:
    """A name as a pattern: "&" or "and", and a hyphen that a line end or an extractor may have swallowed."""
    words = re.split(r"([ -])", name)
    spelled = {" ": r"\s", "-": r"[-‐‑–]?\s?", "&": "(?:&|and)", "and": "(?:&|and)"}
    return "".join(spelled.get(word, re.escape(word)) for word in words)
