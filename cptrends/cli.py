"""The command line: `python -m cptrends COMMAND`, or `cptrends COMMAND` where it is installed."""

import argparse
import os
import sys

from cptrends.errors import BadInput

DESCRIPTION = "Child protection in England: the published figures, indicators, reports and claims checked."


def main(arguments=None):
    """Run one command.

    Parameters
    ----------
    arguments : list of str, optional
        As typed; the process's own when left out.

    Returns
    -------
    int
        The exit status: 0, 1 where a command's contract says so, 2 for bad input.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    options = parser().parse_args(arguments)
    try:
        return options.run(options) or 0
    except BadInput as error:
        print(f"cptrends: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("cptrends: stopped", file=sys.stderr)
        return 130
    except OSError as error:
        print(f"cptrends: {error.filename or 'the system'}: {error.strerror or error}", file=sys.stderr)
        return 2


def parser():
    """The argument parser, one sub-command for each verb of the contract."""
    top = argparse.ArgumentParser(prog="cptrends", description=DESCRIPTION)
    top.add_argument("--version", action="store_true", help="print the version and stop")
    commands = top.add_subparsers(dest="command", metavar="COMMAND")
    top.set_defaults(run=lambda options: _version() if options.version else top.print_help())

    def command(name, run, help, example):
        sub = commands.add_parser(
            name,
            help=help,
            description=help[0].upper() + help[1:] + ".",
            epilog=f"Example: cptrends {example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        sub.set_defaults(run=run)
        return sub

    report = command("report", _report, "build the HTML reports", "report --only 01_demand")
    report.add_argument("--out", metavar="DIR", help="where to (the clone's reports folder)")
    report.add_argument("--only", metavar="NAME", nargs="+", help="only these notebooks' pages")
    report.add_argument(
        "--areas", metavar="NAME", nargs="+", default=["all"], help="all, none, or authorities by name or code (all)"
    )
    report.add_argument(
        "--compare", metavar="NAME", nargs="+", help="one page with these authorities side by side, and nothing else"
    )
    report.add_argument(
        "--neighbours", type=int, choices=[2025, 2021], default=2025, help="the set of statistical neighbours (2025)"
    )
    report.add_argument("--force", action="store_true", help="also rebuild pages whose inputs have not changed")
    report.add_argument("--jobs", metavar="N", type=int, help="how many at a time (the number of processors)")

    series = command(
        "series", _series, "figures of one measure", "series plans_31_march --area Hackney England --from 2015"
    )
    series.add_argument("measure", metavar="MEASURE")
    _choice_of_figures(series)

    indicator = command(
        "indicator",
        _indicator,
        "an indicator with its limits",
        "indicator plan_rate --area authorities --from 2025 --format csv",
    )
    indicator.add_argument("name", metavar="NAME", help="such as plan_rate; `cptrends indicator list` names them all")
    _choice_of_figures(indicator)

    check = command("check", _check, "check claims against the data", "check my-briefing.toml")
    check.add_argument("file", metavar="FILE", nargs="?", help="your own claims, TOML or CSV (the registered ones)")
    check.add_argument("--new", action="store_true", help="write an example to start from, to FILE or my-briefing.toml")
    check.add_argument(
        "--format",
        choices=["table", "json", "csv", "html", "claimreview", "manifest"],
        default="table",
        help="table for people, json and csv for machines, html a page, claimreview JSON-LD, manifest the inputs",
    )

    inspections = command(
        "inspections",
        _inspections,
        "Ofsted's judgements, or the share of each grade on a date",
        "inspections --as-at 2017-06-13",
    )
    inspections.add_argument("--area", metavar="A", nargs="+", help="names or codes (all)")
    inspections.add_argument(
        "--as-at", metavar="DATE", help="YYYY-MM-DD: each authority's latest judgement published by then"
    )
    _format(inspections)

    _format(command("measures", _measures, "what is measured", "measures"))
    areas = command("areas", _areas, "the areas, or those a word finds", "areas dorset")
    areas.add_argument("word", metavar="WORD", nargs="?", default="")
    _format(areas)
    _format(command("releases", _releases, "the releases held", "releases"))

    ingest = command(
        "ingest", _ingest, "read official files into data/raw", "ingest ~/Downloads/children-in-need-2026.zip"
    )
    ingest.add_argument("path", metavar="PATH", nargs="+", help="files, folders or zip archives as published")
    ingest.add_argument("--release", metavar="NAME", help="the release they are of, where their names do not say")
    command("build", _build, "build data/processed from data/raw", "build")

    test = command("test", _test, "run the tests", "test")
    test.add_argument("pytest", nargs=argparse.REMAINDER, help="anything pytest takes")
    return top


def _choice_of_figures(sub):
    sub.add_argument(
        "--area", metavar="A", nargs="+", default=["England"], help="names, codes, authorities or regions (England)"
    )
    sub.add_argument("--from", dest="start", metavar="Y", type=int, help="first year, as the year ending 31 March")
    sub.add_argument("--to", dest="end", metavar="Y", type=int, help="last year")
    sub.add_argument(
        "--release", metavar="R", default="latest", help="latest (the default), as_published or a release's name"
    )
    _format(sub)


def _format(sub):
    sub.add_argument("--format", choices=["table", "csv", "json"], default="table")


def _version():
    import cptrends

    print(f"cptrends {cptrends.__version__}")


def _report(options):
    from cptrends import reports

    if options.compare:
        print(f"Open {reports.compare(options.compare, out=options.out)}")
        return 0
    return reports.build(
        out=options.out,
        only=options.only,
        area=options.areas,
        jobs=options.jobs,
        force=options.force,
        neighbours=options.neighbours,
    )


def _series(options):
    from cptrends import data
    from cptrends.data import measures

    figures = data.load(
        options.measure, area=options.area, start=options.start, end=options.end, release=options.release
    )
    _print(figures.drop(columns="measure"), options.format)
    if options.format == "table":
        entry = measures.measure(options.measure)
        years = set(figures["year"])
        notes = [f"{entry['label']} ({entry['unit']}). {entry['definition']}"]
        notes += [
            f"Break in {year}: {what}"
            for year, what in measures.breaks(options.measure, set(figures["area_code"]))
            if min(years) < year <= max(years)
        ]
        notes += figures.attrs["notes"]
        if "E92000001" in set(figures["area_code"]) and entry["kind"] in ("flow", "stock", "money"):
            notes += _gap_sentences(
                data.england_gap(options.measure, start=options.start, end=options.end, release=options.release)
            )
        print("\n" + "\n".join(notes))
    return 0


def _gap_sentences(gaps):
    """Where England is not the sum of its authorities, said in words."""
    sentences = []
    for row in gaps.itertuples():
        if row.without_value:
            names = row.without_value.split(", ")
            who = row.without_value if len(names) < 4 else f"{len(names)} authorities"
            sentences.append(
                f"{row.year}: no figure for {who}; England is {row.gap:,.0f} more than the sum of the others."
            )
        elif abs(row.gap) > max(row.rounding, row.england * 1e-6):
            sentences.append(
                f"{row.year}: England is {row.gap:+,.0f} against the sum of its authorities, beyond rounding."
            )
    return sentences


def _indicator(options):
    import pandas as pd

    from cptrends.indicators import table

    if options.name == "list":
        rows = [
            {"indicator": name, "label": entry["label"], "unit": entry["unit"]}
            for name, entry in table.register().items()
        ]
        _print(pd.DataFrame(rows), options.format)
        return
    figures = table.indicator(options.name, options.area, start=options.start, end=options.end, release=options.release)
    columns = ["area_code", "area_name", "year", "value", "lower", "upper", "numerator", "denominator", "status"]
    _print(figures[columns], options.format)
    if options.format == "table":
        entry = table.declared(options.name)
        notes = dict.fromkeys(note for note in figures["note"] if note)
        print("\n" + "\n".join([f"{entry['label']} ({entry['unit']}), 95% limits.", *notes]))


def _check(options):
    import pathlib

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
        import pandas as pd

        rows = [{**row, "releases": " ".join(row["releases"])} for row in export.rows(results)]
        sys.stdout.write(pd.DataFrame(rows).to_csv(index=False, lineterminator="\n"))
    elif options.format == "html":
        from cptrends.reports import pages

        sys.stdout.write(pages.claims_page(results, options.file))
    else:
        import json

        content = {"json": export.rows, "claimreview": export.claim_reviews, "manifest": export.manifest}[
            options.format
        ](results)
        print(json.dumps(content, indent=1, ensure_ascii=False))
    for sentence in changed:
        print(f"cptrends: {sentence}", file=sys.stderr)
    return 1 if changed else 0


def _refuse_withheld(results):
    """A briefing must not rest on a figure the publisher withholds or does not have."""
    missing = [
        f"  {r['claim_id']}: {r['readings'][0]['missing']}"
        for r in results
        if r["readings"] and r["readings"][0]["missing"]
    ]
    if missing:
        raise BadInput("these cannot be computed\n" + "\n".join(missing))


def _wrapped_table(results):
    """The claims in columns that fit the terminal."""
    import shutil
    import textwrap

    from cptrends.claims import shown

    rows = [(r["claim_id"], shown.stated(r), shown.computed(r), shown.verdict(r)) for r in results]
    widths = [max(len(row[i]) for row in rows) for i in range(4)]
    widths[1] = min(widths[1], 24)
    room = max(30, shutil.get_terminal_size((120, 24)).columns)
    lines = []
    for row, result in zip(rows, results, strict=True):
        lines.append("  ".join(cell[:width].ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        if result["verdict"] == "confirmed_differently":
            lines += textwrap.wrap(
                "read as: " + result["reading"], room, initial_indent="    ", subsequent_indent="    "
            )
    return "\n".join(lines)


def _inspections(options):
    from cptrends import data
    from cptrends.data import areas, inspections

    judgements = data.load_table("inspections")
    if options.area:
        judgements = judgements[judgements["area_code"].isin(areas.select(options.area))]
        if judgements.empty:
            raise BadInput(f"no judgement is held for {', '.join(options.area)}")
    if options.as_at:
        judgements = inspections.grades_as_at(judgements, options.as_at)
    else:
        judgements = judgements.assign(area_name=judgements["area_code"].map(areas.name))
        first = ["area_code", "area_name"]
        judgements = judgements[first + [c for c in judgements.columns if c not in first]]
        if options.format == "table":
            judgements = judgements[
                ["area_name", "framework", "inspection_type", "published", "grade_as_judged", "grade", "release"]
            ]
    _print(judgements, options.format)


def _measures(options):
    import pandas as pd

    from cptrends.data import measures

    rows = [
        {
            "measure": name,
            "label": entry["label"],
            "unit": entry["unit"],
            "kind": entry["kind"],
            "definition": entry["definition"],
        }
        for name, entry in measures.dictionary().items()
    ]
    table = pd.DataFrame(rows)
    _print(table.drop(columns="definition") if options.format == "table" else table, options.format)


def _areas(options):
    from cptrends import data
    from cptrends.data import areas

    table = data.load_table("areas")
    if options.word:
        word = options.word.casefold()
        names = {code: [area["name"], *area["other_names"]] for code, area in areas.register().items()}
        held = [code for code in table["area_code"] if any(word in name.casefold() for name in names[code])]
        table = table[table["area_code"].isin(held or [areas.find(options.word)])]
    if options.format == "table":
        table = table[["area_code", "la_code", "name", "level", "region", "first_year", "last_year"]]
    _print(table, options.format)


def _releases(options):
    from cptrends import data

    table = data.releases()
    if options.format == "table":
        table = table[["release", "publisher", "published", "evidence", "title"]]
    _print(table, options.format)


def _ingest(options):
    from cptrends.progress import bar
    from cptrends.sources import ingest

    summary = ingest.ingest(options.path, options.release, progress=bar("reading"))
    print("\n".join(ingest.describe(summary)))


def _build(options):
    from cptrends.progress import bar
    from cptrends.sources import build

    counts = build.build(progress=bar("building"))
    print(", ".join(f"{count:,} {what}" for what, count in counts.items()) + " in data/processed.")


def _test(options):
    from cptrends.data import paths

    root = paths.root()
    if root is None or not (root / "tests").is_dir():
        raise BadInput("the tests are only in a clone of the project; run the command in its folder")
    try:
        import pytest
    except ImportError:
        raise BadInput('the tests need pytest; install it with python -m pip install "cptrends[test]"') from None
    os.chdir(root)
    return int(pytest.main(options.pytest or ["--cov=cptrends", "--cov-report=term:skip-covered"]))


def _print(table, style):
    """A table for people, or CSV or JSON for machines."""
    if style == "csv":
        sys.stdout.write(_plain(table).to_csv(index=False, lineterminator="\n"))
    elif style == "json":
        import json

        print(json.dumps(_plain(table).to_dict("records"), indent=1, ensure_ascii=False))
    else:
        print(_aligned(table))


def _plain(table):
    """Whole numbers without a decimal point, missing ones as nothing."""
    import pandas as pd

    columns = {
        name: pd.Series([_whole(v) for v in table[name]], dtype=object, index=table.index)
        for name in table.columns
        if table[name].dtype.kind == "f"
    }
    return table.assign(**columns)


def _whole(value):
    if value != value:
        return None
    return int(value) if float(value).is_integer() else value


def _aligned(table):
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
