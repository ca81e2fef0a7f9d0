"""Which place and which chain are meant: said in the bar of every page, and switched there."""

from collections.abc import Iterator
from dataclasses import dataclass

from liantu.faces.address import VIEW, Address
from liantu.faces.cells import named
from liantu.faces.study import Study
from liantu.faces.web.offers import Option, identified, owned
from liantu.faces.words import Words
from liantu.lens import Lens, discover
from liantu.records import Name
from liantu.result import Ref, say
from liantu.schema import Column, columns

NAMES = ("place", "chain")
OFFERED = 30


@dataclass(frozen=True, slots=True)
class Subject:
    """The record that a parameter of this name means, and others that may be meant instead.

    ``record`` is None where neither the address nor the workspace chooses one.
    """

    name: str
    title: str
    table: str
    record: str | None
    called: Name | None
    href: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Switch:
    """The form that means others: what it offers, where it leads and what it keeps."""

    chosen: tuple[Subject, ...]
    offered: tuple[Subject, ...]
    action: str
    kept: tuple[tuple[str, str], ...]


def subjects(study: Study, words: Words, address: Address) -> tuple[Subject, ...]:
    """The place and the chain, as far as a lens asks for them or the workspace has them."""
    found = []
    for name in NAMES:
        entry = _asked(name)
        if entry is not None:
            found.append(_subject(study, words, address, entry))
    return tuple(found)


def switch(study: Study, words: Words, address: Address) -> Switch:
    """The form for this address: a page that asks for one of them stays, else the overview."""
    known = subjects(study, words, address)
    lens = discover().get(address.path.removeprefix("/lens/"))
    asked = lens.parameters.model_fields if lens else {}
    here = tuple(subject for subject in known if subject.name in asked)
    stays = bool(here) or address.path == "/"
    replaced = {subject.name for subject in here or known}
    kept = (
        (name, text)
        for name, text in address.query.items()
        if name == "lang" or (name not in VIEW | replaced and (stays or name == "synthetic"))
    )
    return Switch(
        chosen=tuple(subject for subject in known if subject.called),
        offered=tuple(subject for subject in here or known if len(subject.options) > 1),
        action=address.path if stays else "/",
        kept=tuple(kept),
    )


def heading(study: Study, words: Words, address: Address) -> tuple[str, str | None]:
    """Chain in place and the chain's local name, else what the workspace is called."""
    meant = {s.name: s for s in subjects(study, words, address) if s.called}
    refs = {name: Ref(s.table, s.record or "") for name, s in meant.items()}
    if not refs:
        return study.settings.name, None
    last = (meant.get("chain") or meant["place"]).called
    local = last.local if last and words.language == "en" and last.local != last.name else None
    if len(refs) == 2:
        return words.say(say("{chain} in {place}", **refs)), local
    return words.label(next(iter(refs.values()))), local


def carried(lens: Lens, study: Study, address: Address) -> dict[str, str]:
    """What the address chooses of this lens's records, and whether synthetic rows count."""
    return {
        entry.name: text
        for entry in columns(lens.parameters)
        if (text := address.query.get(entry.name)) and entry.name not in VIEW
        if (entry.name == "synthetic" and text in {"true", "false"})
        or (entry.references and _is_known(study, entry, text))
    }


def _is_known(study: Study, entry: Column, text: str) -> bool:
    given = [part.strip() for part in text.split(",")] if entry.is_list else [text]
    return all(any(identified(study, t, one) for t in entry.references) for one in given)


def _asked(name: str) -> Column | None:
    """The parameter of that name, as the first lens that has it declares it."""
    for lens in discover().values():
        for entry in columns(lens.parameters):
            if entry.name == name and len(entry.references) == 1 and not entry.is_list:
                return entry
    return None


def _subject(study: Study, words: Words, address: Address, entry: Column) -> Subject:
    table = entry.references[0]
    text = address.query.get(entry.name)
    default = study.settings.defaults.get(entry.name)
    record = identified(study, table, text) if text else None
    if record is None and isinstance(default, str):
        record = identified(study, table, default)
    return Subject(
        name=entry.name,
        title=words.say(entry.title),
        table=table,
        record=record,
        called=named(words, [table], record)[1] if record else None,
        href=(address.record(table, record) or "") if record else "",
        options=tuple(_options(study, words, table, record)),
    )


def _options(study: Study, words: Words, table: str, record: str | None) -> Iterator[Option]:
    """At most thirty records by name: the one meant, defaults, and those that have a chain."""
    first = [record] if record else []
    ids = dict.fromkeys([*first, *_defaults(study, table), *owned(study, table, "chains")])
    wanted = list(ids)[:OFFERED]
    words.names.load(table, wanted)
    labels = [(words.name(table, one), one) for one in wanted]
    # GB 18030 encodes Han in the order of pinyin.
    for label, one in sorted(labels, key=lambda pair: pair[0].casefold().encode("gb18030")):
        yield Option(one, label)


def _defaults(study: Study, table: str) -> Iterator[str]:
    """Records of the table that are a default of some parameter which takes no other kind."""
    for lens in discover().values():
        for entry in columns(lens.parameters):
            value = study.settings.defaults.get(entry.name)
            if entry.references == (table,) and value:
                for one in [value] if isinstance(value, str) else value:
                    found = identified(study, table, one)
                    if found:
                        yield found
