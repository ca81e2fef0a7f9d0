"""A module of ours run without pandas: ``python -m liantu.light MODULE ARGUMENT...``.

Arrow would load pandas with its first array, which takes a second and 50 MB.
"""

import sys
from importlib.abc import MetaPathFinder
from runpy import run_module


class _WithoutPandas(MetaPathFinder):
    """Finds no pandas, and leaves every other module to those who come after."""

    def find_spec(self, name: str, *_: object) -> None:
        """Refuse pandas before anything is loaded that asks for it."""
        if name == "pandas":
            raise ModuleNotFoundError(name=name)


if __name__ == "__main__":
    sys.meta_path.insert(0, _WithoutPandas())
    del sys.argv[0]
    run_module(sys.argv[0], run_name="__main__", alter_sys=True)
