"""What may be typed: one sub-command for each verb, its options and an example."""

import argparse
from collections.abc import Callable

from cptrends.cli import checking, making, questions

DESCRIPTION = "Child protection in England: the published figures, indicators, reports and claims checked."

Run = Callable[[argparse.Namespace], int | None]


def parser() -> argparse.ArgumentParser:
    """The argument parser, one sub-command for each verb of the contract."""
    top = argparse.ArgumentParser(prog="cptrends", description=DESCRIPTION)
    top.add_argument("--version", action="store_true", help="print the version and stop")
    top.set_defaults(run=lambda options: _version() if options.version else top.print_help())
    commands = top.add_subparsers(dest="command", metavar="COMMAND")

    def command(name: str, run: Run, what: str, example: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(
            name,
            help=what,
            description=what[0].upper() + what[1:] + ".",
            epilog=f"Example: cptrends {example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        sub.set_defaults(run=run)
        return sub

    _report(command("report", making.report, "build the HTML reports", "report --only 01_demand"))
    example = "series plans_31_march --area Hackney England --from 2015"
    series = command("series", questions.series, "figures of one measure", example)
    series.add_argument("measure", metavar="MEASURE")
    _choice_of_figures(series)
    example = "indicator plan_rate --area authorities --from 2025 --format csv"
    indicator = command("indicator", questions.indicator, "an indicator with its limits", example)
    indicator.add_argument("name", metavar="NAME", help="such as plan_rate; `cptrends indicator list` names them all")
    _choice_of_figures(indicator)
    _check(command("check", checking.check, "check claims against the data", "check my-briefing.toml"))
    what = "Ofsted's judgements, or the share of each grade on a date"
    _inspections(command("inspections", questions.inspections, what, "inspections --as-at 2017-06-13"))
    _format(command("measures", questions.measures, "what is measured", "measures"))
    areas = command("areas", questions.areas, "the areas, or those a word finds", "areas dorset")
    areas.add_argument("word", metavar="WORD", nargs="?", default="")
    _format(areas)
    _format(command("releases", questions.releases, "the releases held", "releases"))
    example = "ingest ~/Downloads/children-in-need.zip"
    ingest = command("ingest", making.ingest, "read official files into data/raw", example)
    ingest.add_argument("path", metavar="PATH", nargs="+", help="files, folders or zip archives as published")
    ingest.add_argument("--release", metavar="NAME", help="the release they are of, where their names do not say")
    command("build", making.build, "build data/processed from data/raw", "build")
    what = "run the tests; what else is typed is passed on to pytest"
    test = command("test", making.test, what, "test --quick, or cptrends test tests/spec -k funnel")
    test.allow_abbrev = False  # --cov is pytest's
    test.add_argument(
        "--quick", action="store_true", help="only those that take a minute: no notebook, page or browser"
    )
    test.add_argument("--coverage", action="store_true", help="also tell which lines no test reaches; slower")
    command("check-code", making.check_code, "check the code's lint, format and types", "check-code")
    return top


def _report(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--out", metavar="DIR", help="where to (the clone's reports folder)")
    sub.add_argument("--only", metavar="NAME", nargs="+", help="only these notebooks' pages")
    help_of_areas = "all, none, or authorities by name or code (all)"
    sub.add_argument("--areas", metavar="NAME", nargs="+", default=["all"], help=help_of_areas)
    sub.add_argument(
        "--compare", metavar="NAME", nargs="+", help="one page with these authorities side by side, and nothing else"
    )
    help_of_sets = "the set of statistical neighbours by its year (the newest)"
    sub.add_argument("--neighbours", metavar="YEAR", type=int, help=help_of_sets)
    sub.add_argument("--force", action="store_true", help="also rebuild pages whose inputs have not changed")
    sub.add_argument("--jobs", metavar="N", type=int, help="how many at a time (the number of processors)")


def _check(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("file", metavar="FILE", nargs="?", help="your own claims, TOML or CSV (the registered ones)")
    sub.add_argument("--new", action="store_true", help="write an example to start from, to FILE or my-briefing.toml")
    sub.add_argument(
        "--format",
        choices=["table", "json", "csv", "html", "claimreview", "manifest"],
        default="table",
        help="table for people, json and csv for machines, html a page, claimreview JSON-LD, manifest the inputs",
    )


def _inspections(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--area", metavar="A", nargs="+", help="names or codes (all)")
    sub.add_argument("--as-at", metavar="DATE", help="YYYY-MM-DD: each authority's latest judgement published by then")
    _format(sub)


def _choice_of_figures(sub: argparse.ArgumentParser) -> None:
    sub.add_argument(
        "--area", metavar="A", nargs="+", default=["England"], help="names, codes, authorities or regions (England)"
    )
    sub.add_argument("--from", dest="start", metavar="Y", type=int, help="first year, as the year ending 31 March")
    sub.add_argument("--to", dest="end", metavar="Y", type=int, help="last year")
    sub.add_argument(
        "--release", metavar="R", default="latest", help="latest (the default), as_published or a release's name"
    )
    _format(sub)


def _format(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--format", choices=["table", "csv", "json"], default="table")


def _version() -> None:
    import cptrends

    print(f"cptrends {cptrends.__version__}")
