"""What may be said of a figure: the status vocabulary and how statuses combine.

Every observation carries one status. A figure computed from several carries the
weakest of theirs, so that a suppressed or unverified input can never look like a
plain number further on.
"""

import functools
from typing import overload

import numpy as np
import numpy.typing as npt

#: Strongest first. The first group has a value; the second never does.
WITH_VALUE = ("reported", "derived", "rounded", "estimated", "low_confidence", "unverified")
WITHOUT_VALUE = ("not_applicable", "unavailable", "suppressed")
STATUSES = WITH_VALUE + WITHOUT_VALUE

#: What a page says of a figure that is published and that it leaves out so that one withheld by the publisher cannot be
#: worked out. No observation has it, so it is none of `STATUSES`.
WITHHELD_HERE = "withheld here"

#: One sentence for each, as readers meet it in tables and tooltips.
MEANING = {
    "reported": "As the publisher reported it.",
    "derived": "Computed by cptrends from reported figures.",
    "rounded": "Rounded by the publisher, to 10 or to 100.",
    "estimated": "Estimated by the publisher for missing returns.",
    "low_confidence": "The publisher marks it as of low reliability.",
    "unverified": "No published source has been confirmed.",
    "not_applicable": "Does not apply to this area or year.",
    "unavailable": "Not available from the publisher.",
    "suppressed": "Withheld by the publisher to protect individuals.",
}

#: How a release knows its figures, strongest first, and what that says in words.
EVIDENCE = {
    "official-file": "read from the publisher's own data file",
    "official-text": "from a text of the publisher, Parliament or an auditor",
    "author-text": "from a text of those who reckoned it",
    "secondary-text": "repeated by the press, a blog or another third party",
    "compiled": "official figures put together by somebody else",
    "unverified": "no published source confirmed",
}

_RANK = {status: rank for rank, status in enumerate(STATUSES)}


#: Statuses of several figures at once.
Statuses = npt.NDArray[np.object_] | list[str]


@overload
def weakest(*statuses: str) -> str: ...  # type: ignore[overload-overlap]  # of single ones, a single one
@overload
def weakest(*statuses: str | Statuses) -> npt.NDArray[np.object_]: ...
def weakest(*statuses: str | Statuses) -> str | npt.NDArray[np.object_]:
    """The status of a figure computed from figures with these statuses.

    Parameters
    ----------
    *statuses : str or array of str
        Scalars or arrays that broadcast together.

    Returns
    -------
    str or numpy array of object
        The weakest of the inputs; a value computed from inputs that are all
        `reported` is `derived`.

    Raises
    ------
    ValueError
        If a status is not in the vocabulary.

    >>> weakest("reported", "reported")
    'derived'
    >>> weakest("rounded", "suppressed")
    'suppressed'
    >>> list(weakest(["reported", "unverified"], "rounded"))
    ['rounded', 'unverified']
    """
    ranks = functools.reduce(np.maximum, [_rank(s) for s in statuses])
    ranks = np.maximum(ranks, _RANK["derived"])
    names = np.array(STATUSES, dtype=object)[ranks]
    return names if np.ndim(ranks) else str(names)


@overload
def has_value(status: str) -> bool: ...
@overload
def has_value(status: Statuses) -> npt.NDArray[np.bool_]: ...
def has_value(status: str | Statuses) -> bool | npt.NDArray[np.bool_]:
    """Whether a figure with this status is a number.

    >>> has_value("rounded"), has_value("suppressed")
    (True, False)
    """
    ranks = _rank(status) < len(WITH_VALUE)
    return ranks if np.ndim(ranks) else bool(ranks)


def _rank(status: str | Statuses) -> npt.NDArray[np.int64]:
    if isinstance(status, str):
        status = np.array(status, dtype=object)
    status = np.asarray(status, dtype=object)
    try:
        return (
            np.vectorize(_RANK.__getitem__, otypes=[np.int64])(status)
            if status.size
            else np.zeros(status.shape, np.int64)
        )
    except KeyError as error:
        raise ValueError(f"{error.args[0]!r} is not a status; the statuses are {', '.join(STATUSES)}") from None
