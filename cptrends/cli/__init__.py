"""The command line: `python -m cptrends COMMAND`, or `cptrends COMMAND` where it is installed."""

import os
import sys
from collections.abc import Sequence

from cptrends.cli.parser import parser
from cptrends.errors import BadInput


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    arguments : list of str, optional
        As typed; the process's own when left out.

    Returns
    -------
    int
        The exit status: 0, 1 where a command's contract says so, 2 for bad input.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    top = parser()
    options, others = top.parse_known_args(arguments)
    if options.command == "test":
        options.pytest = others
    elif others:
        top.error(f"unrecognized arguments: {' '.join(others)}")
    try:
        return options.run(options) or 0
    except BadInput as error:
        print(f"cptrends: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("cptrends: stopped", file=sys.stderr)
        return 130
    except OSError as error:
        print(f"cptrends: {error.filename or 'the system'}: {error.strerror or error}", file=sys.stderr)
        return 2
