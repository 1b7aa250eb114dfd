"""Where things are on the pages: the addresses that figures, releases, measures and claims have there.

Tables, claim cards and pages link by these, from the folder of the reports; a page deeper down puts `../` before.
"""

#: The pages that others link to by name, without the ending. The page of claims is made from the notebook of that name.
FRONT, DATA, CLAIMS = "index", "data", "08_claims"


def measure(name: str) -> str:
    """Where the data page tells of a measure.

    >>> measure("plans_started")
    'data.html#m-plans_started'
    """
    return f"{DATA}.html#m-{name}"


def figure(name: str, year: object, *, england: bool) -> str:
    """Where the data page says which file and line a figure is from: its own row for England, else its measure.

    >>> figure("plans_started", 2015, england=True), figure("plans_started", 2015, england=False)
    ('data.html#m-plans_started-2015', 'data.html#m-plans_started')
    """
    return f"{measure(name)}-{year}" if england else measure(name)


def release(name: str) -> str:
    """Where the data page tells of a release.

    >>> release("cin-2015")
    'data.html#release-cin-2015'
    """
    return f"{DATA}.html#release-{name}"


def claim(name: str) -> str:
    """A claim's card on the page of claims.

    >>> claim("eif-1")
    '08_claims.html#eif-1'
    """
    return f"{CLAIMS}.html#{name}"
