"""What the documentation promises of docstrings: every exported function has an example and tells its parameters."""

import importlib
import inspect
import re

import pytest

#: The packages whose names people import, as the README and CONTRIBUTING have it.
PACKAGES = ("", ".data", ".indicators", ".trends", ".charts", ".claims", ".reports", ".reports.authority")


def exported():
    """Address -> function, of each function that a package exports; classes tell their attributes instead."""
    modules = [importlib.import_module("cptrends" + package) for package in PACKAGES]
    held = {f"{module.__name__}.{name}": getattr(module, name) for module in modules for name in module.__all__}
    return {name: thing for name, thing in held.items() if callable(thing) and not inspect.isclass(thing)}


FUNCTIONS = exported()


def told(docstring):
    """The parameters a docstring tells, in order: `a, b : int` or `a, b` at the margin of its section."""
    section = re.search(r"^Parameters\n-+\n(.*?)(?=^\w[\w ]*\n-+\n|^>>> |\Z)", docstring, re.DOTALL | re.MULTILINE)
    lines = section[1].splitlines() if section else []
    names = [line.partition(" : ")[0] for line in lines if line and not line.startswith(" ")]
    return [name.strip().lstrip("*") for line in names for name in line.split(",")]


def test_there_are_functions_of_every_package():
    assert {name.rpartition(".")[0].removeprefix("cptrends") for name in FUNCTIONS} == set(PACKAGES)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_an_exported_function_has_an_example(name):
    assert ">>> " in (inspect.getdoc(FUNCTIONS[name]) or ""), f"{name} has no example"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_an_exported_function_tells_its_parameters_in_order(name):
    function = FUNCTIONS[name]
    assert told(inspect.getdoc(function)) == list(inspect.signature(function).parameters)
