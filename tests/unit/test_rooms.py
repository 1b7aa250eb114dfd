"""The rooms of the package: an import points towards the data, and no two modules need each other.

What is imported inside a function counts as well: it is needed all the same.
"""

import ast
import graphlib
import pathlib
import tomllib

import pytest

PACKAGE = pathlib.Path(__file__).parents[2] / "cptrends"
SETTINGS = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
#: Each room may import those of the lines above it. The four in one line do not know each other.
FLOORS = [
    {"errors", "files", "lazy", "memory", "progress", "words"},
    {"data"},
    {"sources", "indicators", "trends", "charts"},
    {"claims"},
    {"reports"},
    {"cli"},
    {"__main__"},
]
#: The small rooms of the ground floor lean on each other.
TOGETHER = FLOORS[0]


def name_of(path):
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


MODULES = {name_of(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def imported(path):
    """The modules of the package that a module imports anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    inside = {name.removeprefix("cptrends.") for name in found if name.startswith("cptrends.")}
    known = {name for name in inside if name in MODULES}
    # `from cptrends.data import areas` needs the module; the package it is in only carries it.
    return {name for name in known if not any(other.startswith(name + ".") for other in known)}


NEEDS = {name: imported(path) for name, path in MODULES.items()}


def room(name):
    return name.split(".")[0]


def floor(name):
    return next(number for number, rooms in enumerate(FLOORS) if room(name) in rooms)


def test_every_room_has_its_floor():
    assert {room(name) for name in MODULES} - {"__init__"} == set().union(*FLOORS)


@pytest.mark.parametrize("name", sorted(set(MODULES) - {"__init__"}))
def test_an_import_points_towards_the_data(name):
    beside = [
        needed
        for needed in NEEDS[name]
        if room(needed) != room(name) and floor(needed) >= floor(name) and not {room(needed), room(name)} <= TOGETHER
    ]
    assert not beside, f"{name} may not import {', '.join(sorted(beside))}"


def test_no_two_modules_need_each_other():
    try:
        list(graphlib.TopologicalSorter(NEEDS).static_order())
    except graphlib.CycleError as circle:
        pytest.fail("a circle of imports: " + " -> ".join(circle.args[1]))


def test_every_package_travels_in_the_wheel():
    holding = {
        path.parent for path in PACKAGE.rglob("*") if path.suffix in {".py", ".toml", ".csv", ".j2", ".css", ".js"}
    }
    names = {".".join(("cptrends", *folder.relative_to(PACKAGE).parts)) for folder in holding}
    assert names <= set(SETTINGS["packages"])


def test_the_registers_and_templates_travel_too():
    endings = {path.suffix for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    told = {pattern.removeprefix("*") for pattern in SETTINGS["package-data"]["*"]}
    assert endings - told <= {".py", ".md", ".pyc"}
