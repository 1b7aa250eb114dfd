"""Write the golden figures anew from data/processed: `.venv/bin/python tests/golden/update.py`.

The figures in this folder were checked against the publishers' files. Run this after a new release or a correction,
then read every line of `git diff tests/golden`: each must be a change that a publication explains.

A cell is the value, with its status in brackets unless it is `reported`, or the status alone where there is no value.
"""

import csv
import pathlib
import re

from cptrends.data import areas, loading
from cptrends.data.figures import AS_PUBLISHED, LATEST, measures_held
from cptrends.reports.authority.everyone import everyone
from cptrends.reports.authority.readings import readings_of
from cptrends.reports.authority.sentences import sentences
from cptrends.reports.authority.subject import subject_of

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
#: How each of today's authorities' pages opens. When one year's steps were judged as a list across authorities
#: (192bcfa) 24 of 153 openings named a change and 129 said "None of the changes", none of them over more than one year.
OPENINGS = "openings.csv"
OPENING = ["area", "direction over five years", "called unusual", "an unusual change in two paragraphs"]


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


def opening(name, sentences):
    """How a page opens, from its sentences: whether each of OPENING is told, "yes" or "no"."""
    direction, changes = sentences[1], sentences[3]
    level = ": an unusual" in direction
    told = level or bool(re.search(r"moved at least as far|looked at moved", changes))
    answers = (direction.startswith("Over five years the rate"), level, told)
    return [name, *("yes" if each else "no" for each in answers)]


def openings():
    """How the pages of the authorities that there are today open, a row for each, in the register's order."""
    newest = max(everyone().newest.values())
    subjects = [subject_of(code) for code in areas.authorities(newest)]
    return [opening(subject.name, sentences(subject, readings_of(subject))) for subject in subjects]


def main():
    """Write the files."""
    for name, names in FILES.items():
        order = {area: position for position, area in enumerate(names)}
        found = sorted(figures(names).items(), key=lambda item: (item[0][0], order[item[0][1]], item[0][2]))
        with (HERE / name).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(COLUMNS)
            writer.writerows([*key, *cells] for key, cells in found)
        print(f"{len(found):,} figures in {HERE / name}")
    with (HERE / OPENINGS).open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([OPENING, *(rows := openings())])
    print(f"{len(rows)} openings in {HERE / OPENINGS}")


if __name__ == "__main__":
    main()
