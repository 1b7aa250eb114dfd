"""The verb check: the registered claims or those of a briefing, judged and printed."""

import argparse
import json
import pathlib
import re
import shutil
import sys
import textwrap
from collections.abc import Sequence

from cptrends.errors import BadInput


def check(options: argparse.Namespace) -> int:
    """Judge claims; 1 where a verdict is not as registered."""
    from cptrends import claims
    from cptrends.claims import export, register, shown

    if options.new:
        path = pathlib.Path(options.file or "my-briefing.toml")
        if path.exists():
            raise BadInput(f"{path} is there already; give another name or move it")
        path.write_text(shown.example(), encoding="utf-8", newline="\n")
        print(f"Wrote {path}; change it, then run: cptrends check {path}")
        return 0
    results = claims.check(register.briefing(options.file) if options.file else None)
    if options.file:
        _refuse_withheld(results)
    changed = claims.changed(results)
    if options.format == "table":
        print(_wrapped_table(results))
        print()
        print(shown.scoreboard(results).text())
    elif options.format == "csv":
        sys.stdout.write(export.table(results).to_csv(index=False, lineterminator="\n"))
    elif options.format == "html":
        from cptrends.reports import pages

        sys.stdout.write(pages.claims_page(results, options.file))
    else:
        content = {"json": export.rows, "claimreview": export.claim_reviews, "manifest": export.manifest}[
            options.format
        ](results)
        print(json.dumps(content, indent=1, ensure_ascii=False))
    for sentence in changed:
        print(f"cptrends: {sentence}", file=sys.stderr)
    return 1 if changed else 0


def _refuse_withheld(results: list[dict]) -> None:
    """A briefing must not rest on a figure the publisher withholds or does not have."""
    missing = [
        f"  {r['claim_id']}: {r['readings'][0]['missing']}"
        for r in results
        if r["readings"] and r["readings"][0]["missing"]
    ]
    if missing:
        raise BadInput("these cannot be computed\n" + "\n".join(missing))


def _wrapped_table(results: list[dict]) -> str:
    """The claims in columns that fit the terminal."""
    from cptrends.claims import shown

    header = ("Claim", "Stated", "As worded", "Other reading", "Verdict")
    rows = [
        (r["claim_id"], shown.stated(r), shown.as_worded(r), shown.other_reading(r), shown.verdict(r)) for r in results
    ]
    widths = [max(len(row[i]) for row in (header, *rows)) for i in range(len(header))]
    widths[1] = min(widths[1], 24)
    room = max(30, shutil.get_terminal_size((120, 24)).columns)
    lines = [_line(header, widths)]
    for row, result in zip(rows, results, strict=True):
        lines.append(_line(row, widths))
        if result["verdict"] == "confirmed_differently":
            lines += _indented("read as: " + result["reading"], room)
        if caution := re.search(r"(With caution|Does not compare): .*", result["note"]):
            lines += _indented(caution[0], room)
    return "\n".join(lines)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    """Cells side by side, each cut to its column."""
    return "  ".join(cell[:width].ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _indented(text: str, room: int) -> list[str]:
    return textwrap.wrap(text, room, initial_indent="    ", subsequent_indent="    ")
