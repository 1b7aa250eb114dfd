"""Public names that are imported when first used, so that importing the package is cheap."""

import importlib
from collections.abc import Callable
from typing import Any


def lazy(package: str, names: dict[str, list[str]]) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """`__getattr__`, `__dir__` and `__all__` for a package whose names live in its modules.

    Parameters
    ----------
    package : str
    names : dict of str to list of str
        Module -> the names it holds.

    >>> get, listing, everything = lazy("example", {"math": ["pi"]})
    >>> round(get("pi"), 2), everything
    (3.14, ['pi'])
    """
    home = {name: module for module, held in names.items() for name in held}

    def __getattr__(name: str) -> Any:
        if name in home:
            return getattr(importlib.import_module(home[name]), name)
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return __getattr__, lambda: sorted(home), sorted(home)
