"""The one exception this package raises on purpose."""


class BadInput(ValueError):
    """Something the user gave us cannot be used.

    The message is one plain sentence: what is wrong, where, and what would be right.
    The command line prints it and exits with status 2; nothing is written.

    >>> raise BadInput("no measure is called 'plan'; did you mean 'plans_started'?")
    Traceback (most recent call last):
    ...
    cptrends.errors.BadInput: no measure is called 'plan'; did you mean 'plans_started'?
    """
