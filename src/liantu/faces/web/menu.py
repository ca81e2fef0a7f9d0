"""What stands around every page: the way to each lens, and which place and chain are meant."""

from collections.abc import Iterator
from dataclasses import dataclass

from liantu.faces.address import VIEW, Address
from liantu.faces.view import GROUPS
from liantu.faces.words import Words
from liantu.lens import Lens, discover
from liantu.schema import columns

_RECORD = (("Import", "/import"), ("History", "/history"), ("Sources", "/sources"))


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


def menu(words: Words, address: Address) -> tuple[Group, ...]:
    """Every page in groups; records that the address has chosen are carried along."""
    groups: dict[str, list[Entry]] = {group: [] for group in GROUPS}
    groups["Chain"].append(Entry(words.say("Overview"), address.to("/"), address.path == "/"))
    for lens in discover().values():
        path = f"/lens/{lens.name}"
        entry = Entry(
            words.say(lens.title),
            address.to(path, dict(_carried(lens, address))),
            address.path == path,
        )
        groups.setdefault(lens.group, []).append(entry)
    for title, path in _RECORD:
        here = address.path == path or address.path.startswith(f"{path}/")
        groups["Record"].append(Entry(words.say(title), address.to(path), here))
    return tuple(
        Group(words.say(title), tuple(entries)) for title, entries in groups.items() if entries
    )


def _carried(lens: Lens, address: Address) -> Iterator[tuple[str, str]]:
    """The records chosen in the address that this lens asks for under the same name."""
    for entry in columns(lens.parameters):
        if entry.references and entry.name in address.query and entry.name not in VIEW:
            yield entry.name, address.query[entry.name]
