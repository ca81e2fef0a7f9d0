"""What stands around every page: the way to each lens, and which place and chain are meant."""

from dataclasses import dataclass

from liantu.faces.address import Address
from liantu.faces.study import Study
from liantu.faces.view import GROUPS
from liantu.faces.web.subject import carried
from liantu.faces.words import Words
from liantu.lens import discover

_RECORD = (
    ("Import", "/import"),
    ("History", "/history"),
    ("Duplicates", "/match"),
    ("Sources", "/sources"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One way to go."""

    title: str
    href: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The ways of one group, under its name."""

    title: str
    entries: tuple[Entry, ...]


def menu(study: Study, words: Words, address: Address) -> tuple[Group, ...]:
    """Every page in groups; records that the address has chosen are carried along."""
    groups: dict[str, list[Entry]] = {group: [] for group in GROUPS}
    kept: dict[str, str] = {}
    for lens in discover().values():
        path, own = f"/lens/{lens.name}", carried(lens, study, address)
        kept |= own
        entry = Entry(words.say(lens.title), address.to(path, own), address.path == path)
        groups.setdefault(lens.group, []).append(entry)
    overview = Entry(words.say("Overview"), address.to("/", kept), address.path == "/")
    groups["Chain"].insert(0, overview)
    for title, path in _RECORD:
        here = address.path == path or address.path.startswith(f"{path}/")
        groups["Record"].append(Entry(words.say(title), address.to(path), here))
    return tuple(
        Group(words.say(title), tuple(entries)) for title, entries in groups.items() if entries
    )
