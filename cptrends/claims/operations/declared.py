"""How an operation is declared: above the function that computes it, and nowhere else.

Reading a claim, refusing a mistake in it, the CSV form and the example briefing all follow the declaration.
"""

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import ModuleType

from cptrends.claims.operations.figures import Answer, Figures
from cptrends.claims.operations.keys import TEXT, Calculation, Kind

Compute = Callable[[Calculation, Figures], Answer]

#: What an operation may answer: "number", or one of these with the answers that a claim may then state.
ANSWERS: dict[str, tuple[bool | str, ...]] = {
    "yes or no": (True, False),
    "direction": ("up", "down", "level", "none", "some", "positive", "negative"),
}


def _none(_: Calculation) -> tuple[str, ...]:
    """No further key is needed, nothing is wrong."""
    return ()


@dataclasses.dataclass(frozen=True)
class Operation:
    """A function with what is declared above it; see `operation` for what each says."""

    compute: Compute
    needs: Mapping[str, Kind]
    may: Mapping[str, Kind]
    answer: str
    further: Callable[[Calculation], Iterable[str]]
    looks_up: tuple[str, ...]
    senseless: Callable[[Calculation], Iterable[str]]

    def __call__(self, calculation: Calculation, figures: Figures) -> Answer:
        """What the function computes."""
        return self.compute(calculation, figures)

    @property
    def name(self) -> str:
        """The function's name, which is what a calculation calls it by."""
        return self.compute.__name__

    @property
    def keys(self) -> dict[str, Kind]:
        """Every key a calculation with this operation may have."""
        return {"operation": TEXT, **self.needs, **self.may, "release": TEXT}

    def needed(self, calculation: Calculation) -> tuple[str, ...]:
        """The keys a calculation needs: always, and by what its other keys say."""
        return (*self.needs, *self.further(calculation))


def operation(
    *,
    needs: Mapping[str, Kind],
    may: Mapping[str, Kind] | None = None,
    answer: str = "number",
    further: Callable[[Calculation], Iterable[str]] = _none,
    looks_up: tuple[str, ...] = (),
    senseless: Callable[[Calculation], Iterable[str]] = _none,
) -> Callable[[Compute], Operation]:
    """Declare the function below as an operation, called by its name.

    Parameters
    ----------
    needs, may : mapping of str to Kind
        The keys of a calculation that it must and may have, and what each holds.
    answer : str
        "number", or a key of `ANSWERS`.
    further : function of a calculation to iterable of str, optional
        Keys of `may` that it must have because of what its others say.
    looks_up : tuple of str
        Keys that hold a year: the figures of its measures in one area, England where none is named, must be
        there in these years before anything is computed. Left out where a figure may rightly be missing.
    senseless : function of a calculation to iterable of str, optional
        Sentences for arithmetic that has no meaning though every key is right.

    Returns
    -------
    function
        A decorator that makes the function an `Operation`, called as before.
    """
    return lambda compute: Operation(compute, needs, may or {}, answer, further, looks_up, senseless)


def declared_in(*rooms: ModuleType) -> Iterator[Operation]:
    """The operations of some modules, in the order in which they stand there."""
    for room in rooms:
        yield from (found for found in vars(room).values() if isinstance(found, Operation))
