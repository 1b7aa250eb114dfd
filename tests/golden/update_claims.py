"""The verdicts and computed values of every registered claim: print them, or write them to claims.csv.

    .venv/bin/python tests/golden/update_claims.py            rewrites claims.csv and says what changed
    .venv/bin/python tests/golden/update_claims.py --print    prints the table as it is now and writes nothing

Look at every line of what changed before committing it: each is a claim that a reader was told otherwise of.
"""

import csv
import io
import pathlib
import sys

GOLDEN = pathlib.Path(__file__).parent / "claims.csv"
COLUMNS = ("claim_id", "verdict", "computed", "verdict_today", "computed_today")


def table():
    """A row for each claim, as text, from the data as they are."""
    from cptrends import claims

    rows = []
    for r in claims.check():
        today = r["today"]
        rows.append((r["claim_id"], r["verdict"], _text(r["computed"]), today["verdict"], _text(today["computed"])))
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


def _text(value):
    """Nine digits: more than anything printed, fewer than platforms disagree on."""
    if value is None:
        return ""
    return f"{value:.9g}" if isinstance(value, float) else str(value)


def read(text):
    """The rows of a table written by `write`."""
    return list(csv.DictReader(io.StringIO(text)))


def write(rows):
    """The table as CSV."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def differences(golden, found):
    """A line for each claim that is new, gone or no longer as it was: what it was and what it is."""
    before, now = ({row["claim_id"]: row for row in rows} for rows in (golden, found))
    lines = [f"{claim}: gone" for claim in before if claim not in now] + [
        f"{claim}: new" for claim in now if claim not in before
    ]
    for claim in before.keys() & now.keys():
        moved = [
            f"{c.replace('_', ' ')} was {before[claim][c] or 'nothing'}, is {now[claim][c] or 'nothing'}"
            for c in COLUMNS
            if before[claim][c] != now[claim][c]
        ]
        if moved:
            lines.append(f"{claim}: {'; '.join(moved)}")
    return sorted(lines)


if __name__ == "__main__":
    rows = table()
    if "--print" in sys.argv:
        sys.stdout.write(write(rows))
    else:
        old = read(GOLDEN.read_text("utf-8")) if GOLDEN.is_file() else []
        GOLDEN.write_text(write(rows), encoding="utf-8", newline="\n")
        print("\n".join(differences(old, rows)) or "nothing changed")
