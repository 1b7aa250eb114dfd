"""Numbers, dates, years and lists as readers meet them in sentences, and text as a name in an address.

>>> number(635620), percent(16.574), year(2015, "flow"), year(2015, "stock")
('635,620', '16.6%', '2014/15', '31 March 2015')
"""

import datetime
import re
from collections.abc import Iterable

_MONTHS = "January February March April May June July August September October November December".split()


def number(value: float | None, digits: int = 0) -> str:
    """A number with thousands commas, or words for one that is missing.

    >>> number(1234.56, 1), number(float("nan")), number(-5)
    ('1,234.6', 'no figure', '−5')
    """
    if value is None or value != value:
        return "no figure"
    text = f"{abs(value):,.{digits}f}"
    return f"−{text}" if value < 0 and float(text.replace(",", "")) else text


def percent(value: float | None, digits: int = 1) -> str:
    """A percentage to so many digits.

    >>> percent(124.0, 0), percent(float("nan"))
    ('124%', 'no figure')
    """
    return number(value, digits) + ("%" if value is not None and value == value else "")


def signed(value: float | None, digits: int = 0, unit: str = "") -> str:
    """A change with its sign.

    >>> signed(3.26, 1, "%"), signed(-440), signed(0)
    ('+3.3%', '−440', '0')
    """
    text = number(value, digits)
    plus = "+" if value is not None and value == value and value > 0 and float(text.replace(",", "")) else ""
    return plus + text + (unit if value is not None and value == value else "")


def pounds(value: float | None) -> str:
    """An amount in pounds, millions and billions in words.

    >>> pounds(2303.2), pounds(1_800_100_000)
    ('£2,303', '£1.80 billion')
    """
    if value is None or value != value:
        return "no figure"
    for size, word in ((1e9, "billion"), (1e6, "million")):
        if abs(value) >= size:
            text = f"£{abs(value) / size:,.2f} {word}"
            break
    else:
        text = f"£{number(abs(value))}"
    return f"−{text}" if value < 0 and text != "£0" else text


def year(ending: int, kind: str = "flow") -> str:
    """A year ending 31 March: 2014/15 for a flow, 31 March 2015 for a stock.

    >>> year(2000), year(2010, "stock")
    ('1999/00', '31 March 2010')
    """
    return f"31 March {ending}" if kind == "stock" else f"{ending - 1}/{ending % 100:02d}"


def date(text: str) -> str:
    """A date as readers meet it.

    >>> date("2024-05-08"), date("")
    ('8 May 2024', 'no date')
    """
    if not text:
        return "no date"
    day = datetime.date.fromisoformat(text)
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def listed(items: Iterable[object]) -> str:
    """A list in a sentence.

    >>> listed(["Kent"]), listed(["Kent", "Essex", "York"])
    ('Kent', 'Kent, Essex and York')
    """
    words = [str(item) for item in items]
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + (f" and {words[-1]}" if words else "")


def spelt(count: int) -> str:
    """A count as sentences have it: in words up to ten.

    >>> spelt(5), spelt(0), spelt(152)
    ('five', 'no', '152')
    """
    few = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return few[count] if count < len(few) else number(count)


def slug(text: str) -> str:
    """A title or a name as part of an address: letters, digits and hyphens.

    >>> slug("Plans started, 2002 to 2015")
    'plans-started-2002-to-2015'
    """
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60]
