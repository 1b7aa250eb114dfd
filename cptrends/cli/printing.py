"""Tables as the command line prints them: lined up for people, CSV or JSON for other programs."""

import json
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def show(table: "pd.DataFrame", style: str) -> None:
    """A table for people, or CSV or JSON for machines."""
    if style == "csv":
        sys.stdout.write(_plain(table).to_csv(index=False, lineterminator="\n"))
    elif style == "json":
        print(json.dumps(_plain(table).to_dict("records"), indent=1, ensure_ascii=False))
    else:
        print(_aligned(table))


def _plain(table: "pd.DataFrame") -> "pd.DataFrame":
    """Whole numbers without a decimal point, missing ones as nothing."""
    import pandas as pd

    columns = {
        name: pd.Series([_whole(v) for v in table[name]], dtype=object, index=table.index)
        for name in table.columns
        if table[name].dtype.kind == "f"
    }
    return table.assign(**columns)


def _whole(value: float) -> float | None:
    if value != value:
        return None
    return int(value) if float(value).is_integer() else value


def _aligned(table: "pd.DataFrame") -> str:
    """Columns lined up, numbers to the right with thousands commas."""
    cells = {}
    for name in table.columns:
        if table[name].dtype.kind == "f":
            cells[name] = [
                "" if v != v else f"{v:,.0f}" if float(v).is_integer() else f"{v:,.4g}" if abs(v) < 1 else f"{v:,.2f}"
                for v in table[name]
            ]
        else:
            cells[name] = [str(v) for v in table[name]]
    lines = []
    width = {name: max([len(name), *map(len, values)]) for name, values in cells.items()}
    right = {name: table[name].dtype.kind == "f" for name in cells}
    rows = zip(*cells.values(), strict=True)
    for row in [tuple(cells), *rows]:
        padded = [
            text.rjust(width[name]) if right[name] else text.ljust(width[name])
            for name, text in zip(cells, row, strict=True)
        ]
        lines.append("  ".join(padded).rstrip())
    return "\n".join(lines)
