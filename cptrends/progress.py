"""A progress bar for a terminal, silent elsewhere and for anything under two seconds."""

import sys
import time
from collections.abc import Callable
from typing import TextIO


def bar(label: str, stream: TextIO | None = None) -> Callable[..., None]:
    """A callable to be told done, total and what is being done.

    >>> import io
    >>> stream = io.StringIO()
    >>> bar("reading", stream)(1, 2, "a file")  # not a terminal: nothing is written
    >>> stream.getvalue()
    ''
    """
    stream = stream or sys.stderr
    started = time.monotonic()
    shown = False

    def tell(done: int, total: int, what: str = "") -> None:
        nonlocal shown
        if not stream.isatty() or (time.monotonic() - started < 2 and not shown):
            return
        shown = True
        filled = 30 * done // max(total, 1)
        text = f"{label} [{'#' * filled}{'.' * (30 - filled)}] {done}/{total} {what}"
        stream.write("\r" + text[:100].ljust(100))
        if done >= total:
            stream.write("\r" + " " * 100 + "\r")
        stream.flush()

    return tell
