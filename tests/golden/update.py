"""Write the golden figures anew from data/processed: `.venv/bin/python tests/golden/update.py`.

The figures in this folder were checked against the publishers' files. Run this after a new release or a correction,
then read every line of `git diff tests/golden`: each must be a change that a publication explains.

A cell is the value, with its status in brackets unless it is `reported`, or the status alone where there is no value.
"""

import csv
import pathlib

from cptrends.data import areas, loading
from cptrends.data.figures import AS_PUBLISHED, LATEST, measures_held

HERE = pathlib.Path(__file__).parent
COLUMNS = ["measure", "area", "year", "as_published", "latest"]

#: Authorities that bring out what is difficult: the smallest, one with years missing, new codes, splits and
#: mergers, an unusable return, a withdrawn figure, and the lowest spending.
AUTHORITIES = [
    "City of London",
    "Hackney",
    "Isles of Scilly",
    "Buckinghamshire",
    "Cumbria",
    "Dorset (to 2019)",
    "Dorset",
    "Bournemouth, Christchurch and Poole",
    "Hampshire",
    "Doncaster",
    "West Sussex",
]
FILES = {"england.csv": ["England"], "authorities.csv": AUTHORITIES}


def cell(value, status):
    """The text of one golden figure."""
    if value != value:
        return status
    text = str(int(value)) if float(value).is_integer() else repr(float(value))
    return text if status == "reported" else f"{text} ({status})"


def figures(names):
    """Every measure of some areas, as published and latest: (measure, area, year) -> the two cells."""
    measures = measures_held()
    codes = [areas.find(name) for name in names]
    found = {}
    for measure in measures:
        for position, release in enumerate((AS_PUBLISHED, LATEST)):
            everywhere = loading.load(measure, release=release)
            here = everywhere[everywhere["area_code"].isin(codes)]
            for row in here.itertuples():
                found.setdefault((measure, row.area_name, row.year), ["", ""])[position] = cell(row.value, row.status)
    return found


def main():
    """Write both files."""
    for name, names in FILES.items():
        order = {area: position for position, area in enumerate(names)}
        found = sorted(figures(names).items(), key=lambda item: (item[0][0], order[item[0][1]], item[0][2]))
        with (HERE / name).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(COLUMNS)
            writer.writerows([*key, *cells] for key, cells in found)
        print(f"{len(found):,} figures in {HERE / name}")


if __name__ == "__main__":
    main()
