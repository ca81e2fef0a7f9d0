"""Pictures that were drawn, kept as long as there is room for them."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Literal, NamedTuple, TypeVar, cast

from liantu.locale import Language

_ROOM = 64 * 1024 * 1024
_T = TypeVar("_T", str, bytes)


class FigureKey(NamedTuple):
    """What a picture depends on: two alike are the same picture.

    ``params`` is the canonical text of the parameters; ``number`` is the place of the figure
    in its result.
    """

    fingerprint: str
    lens: str
    params: str
    language: Language
    width: int
    number: int
    kind: Literal["svg", "png"] = "svg"


@dataclass(slots=True)
class FigureCache:
    """The pictures asked for last, at most ``room`` bytes of them; safe between threads."""

    room: int = _ROOM
    size: int = 0
    _kept: OrderedDict[FigureKey, str | bytes] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)
    _drawing: Lock = field(default_factory=Lock)

    def get(self, key: FigureKey, draw: Callable[[], _T]) -> _T:
        """The picture of a key; it is drawn once, however many ask at the same time."""
        found = self._found(key)
        if found is None:
            with self._drawing:
                found = self._found(key)
                if found is None:
                    found = draw()
                    self._keep(key, found)
        return cast("_T", found)

    def clear(self) -> None:
        """Forget every picture."""
        with self._lock:
            self._kept.clear()
            self.size = 0

    def __len__(self) -> int:
        return len(self._kept)

    def _found(self, key: FigureKey) -> str | bytes | None:
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key]

    def _keep(self, key: FigureKey, drawn: str | bytes) -> None:
        size = _bytes(drawn)
        if size > self.room:
            return
        with self._lock:
            self._kept[key] = drawn
            self.size += size
            while self.size > self.room:
                _, oldest = self._kept.popitem(last=False)
                self.size -= _bytes(oldest)


def _bytes(drawn: str | bytes) -> int:
    """Bytes of a picture, counting a text as it is sent."""
    return len(drawn.encode()) if isinstance(drawn, str) else len(drawn)


_CACHE = FigureCache()


def cached_svg(key: FigureKey, draw: Callable[[], str]) -> str:
    """The SVG of a key from the cache that all pages share."""
    return _CACHE.get(key, draw)


def cached_png(key: FigureKey, draw: Callable[[], bytes]) -> bytes:
    """The PNG of a key from the same cache."""
    return _CACHE.get(key._replace(kind="png"), draw)
