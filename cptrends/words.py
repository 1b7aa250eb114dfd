"""Numbers, years and lists as readers meet them in sentences.

>>> number(635620), percent(16.574), year(2015, "flow"), year(2015, "stock")
('635,620', '16.6%', '2014/15', '31 March 2015')
"""


def number(value, digits=0):
    """A number with thousands commas, or words for one that is missing.

    >>> number(1234.56, 1), number(float("nan")), number(-5)
    ('1,234.6', 'no figure', '−5')
    """
    if value is None or value != value:
        return "no figure"
    text = f"{abs(value):,.{digits}f}"
    return f"−{text}" if value < 0 and float(text.replace(",", "")) else text


def percent(value, digits=1):
    """A percentage to so many digits.

    >>> percent(124.0, 0), percent(float("nan"))
    ('124%', 'no figure')
    """
    return number(value, digits) + ("%" if value is not None and value == value else "")


def signed(value, digits=0, unit=""):
    """A change with its sign.

    >>> signed(3.26, 1, "%"), signed(-440), signed(0)
    ('+3.3%', '−440', '0')
    """
    text = number(value, digits)
    plus = "+" if value is not None and value == value and value > 0 and float(text.replace(",", "")) else ""
    return plus + text + (unit if value is not None and value == value else "")


def pounds(value):
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


def year(ending, kind="flow"):
    """A year ending 31 March: 2014/15 for a flow, 31 March 2015 for a stock.

    >>> year(2000), year(2010, "stock")
    ('1999/00', '31 March 2010')
    """
    return f"31 March {ending}" if kind == "stock" else f"{ending - 1}/{ending % 100:02d}"


def listed(items):
    """A list in a sentence.

    >>> listed(["Kent"]), listed(["Kent", "Essex", "York"])
    ('Kent', 'Kent, Essex and York')
    """
    items = [str(item) for item in items]
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + (f" and {items[-1]}" if items else "")
