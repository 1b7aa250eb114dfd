"""Every chart of hand-made figures as what is drawn: python tests/golden/update_drawings.py rewrites drawings.csv.

A row is a line, mark, bar or area: its path to a tenth of a pixel and how it is painted. Words are left out, for they
are tested where they are said. Look at the charts before committing a difference.
"""

import csv
import importlib.util
import pathlib
import re
import sys
from xml.etree import ElementTree

GOLDEN = pathlib.Path(__file__).with_name("drawings.csv")
UNIT = pathlib.Path(__file__).parents[1] / "unit"
PAINT = ("fill", "stroke", "stroke-dasharray", "opacity", "fill-opacity")
SHAPES = ("path", "use", "rect", "line", "polyline", "circle")


def _test_file(name):
    spec = importlib.util.spec_from_file_location(f"drawn_{name}", UNIT / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rows():
    """chart, number, shape, where and paint of everything drawn."""
    families = _test_file("test_charts").FAMILIES
    drawings = {name: make().drawing for name, make in families.items()}
    drawings |= {name: chart.drawing for name, chart in _test_file("test_charts_authority").every_chart().items()}
    found = []
    for name, drawing in sorted(drawings.items()):
        shapes = [(node.tag.rpartition("}")[2], node) for node in ElementTree.fromstring(drawing).iter()]
        shapes = [(tag, node) for tag, node in shapes if tag in SHAPES]
        found += [(name, str(number), tag, _where(node), _paint(node)) for number, (tag, node) in enumerate(shapes)]
    return found


def _where(node):
    places = [node.get(key, "") for key in ("d", "x", "y", "width", "height", "transform")]
    text = re.sub(r"\s+", " ", " ".join(filter(None, places)))
    return re.sub(r"-?\d+\.?\d*(?:e-?\d+)?", lambda one: f"{float(one[0]) + 0.0:.1f}".replace("-0.0", "0.0"), text)


def _paint(node):
    style = dict(part.split(":", 1) for part in (node.get("style") or "").replace(" ", "").split(";") if ":" in part)
    return " ".join(f"{key}={value}" for key in PAINT if (value := style.get(key) or node.get(key)))


if __name__ == "__main__":
    with GOLDEN.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([("chart", "number", "shape", "where", "paint"), *rows()])
    sys.stdout.write(f"{len(rows())} shapes in {GOLDEN.name}\n")
