"""What charts draw of hand-made figures is what was looked at: every line, mark, bar and area where it stood.

The other tests of charts say why a thing stands where it does; this one notices that anything moved, changed its colour
or its dashes. `tests/golden/update_drawings.py` writes the drawings anew: look at the charts before committing that.
"""

import csv
import importlib.util
import pathlib
import re

import pytest

GOLDEN = pathlib.Path(__file__).parents[1] / "golden"


def _update():
    spec = importlib.util.spec_from_file_location("update_drawings", GOLDEN / "update_drawings.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def by_chart(rows):
    found = {}
    for chart, number, *what in rows:
        found.setdefault(chart, {})[number] = what
    return found


@pytest.fixture(scope="module")
def looked_at():
    with (GOLDEN / "drawings.csv").open(encoding="utf-8", newline="") as stream:
        return by_chart(list(csv.reader(stream))[1:])


@pytest.fixture(scope="module")
def drawn():
    return by_chart(_update().rows())


def moved(before, after):
    """Whether a shape is another, or stands more than a fifth of a pixel from where it stood."""
    if before is None or after is None or [before[0], before[2]] != [after[0], after[2]]:
        return True
    number = r"-?\d+\.\d"
    if re.sub(number, "#", before[1]) != re.sub(number, "#", after[1]):
        return True
    pairs = zip(re.findall(number, before[1]), re.findall(number, after[1]), strict=True)
    return any(abs(float(a) - float(b)) > 0.2 for a, b in pairs)


def test_the_same_charts_are_drawn(looked_at, drawn):
    assert set(drawn) == set(looked_at) and len(drawn) > 15


def test_everything_stands_where_it_stood(looked_at, drawn):
    wrong = [
        f"{chart} {number}: was {before.get(number)}, is {drawn[chart].get(number)}"
        for chart, before in looked_at.items()
        for number in sorted(before.keys() | drawn[chart].keys(), key=int)
        if moved(before.get(number), drawn[chart].get(number))
    ]
    assert not wrong, "\n".join(wrong[:8])
