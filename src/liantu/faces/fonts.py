"""Where the typeface of the guide lies, if it is installed; everything works without it."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

_RENDERER_PACKAGE = "font_source_sans_pro"
_WEB_FILE = Path(
    "node_modules/@fontsource-variable/source-sans-3/files/"
    "source-sans-3-latin-wght-normal.woff2"
)


@cache
def font_folder() -> Path | None:
    """The folder of TrueType files for the renderer, which reads no woff2; None without it.

    The package ``font-source-sans-pro`` carries the face under its former name, Source Sans
    Pro, with the same Latin advances.
    """
    found = find_spec(_RENDERER_PACKAGE)
    if found is None or not found.origin:
        return None
    folder = Path(found.origin).parent / "files"
    return folder if folder.is_dir() else None


@cache
def web_font() -> Path | None:
    """The variable Latin file (woff2, 29 kB) that a page may load from itself; else None.

    It is looked for where ``npm ci`` puts it: in this checkout or the working folder.
    """
    roots = (Path(__file__).resolve().parents[3], Path.cwd())
    return next((root / _WEB_FILE for root in roots if (root / _WEB_FILE).is_file()), None)
