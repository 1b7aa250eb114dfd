"""Ofsted's inspections of local authority children's services, in the layouts of 2023, 2024 and 2025.

Every table of a release's workbook is read into one long frame, a row for each inspection a
table states, with each cell as published: the 2023 history has one wide row per authority, the
later tables one row per inspection. The same inspection therefore stands in several rows and
several releases; `cptrends.data.inspections.assemble` brings them together.

Also read here: a compilation of published reports by Data to Insight (not an official statistic;
inspectors' names are not read), and the national shares that Ofsted and the press have printed.
"""

import datetime
import pathlib

import pandas as pd

from cptrends.errors import BadInput
from cptrends.sources import common

#: Columns of the long frame, all text.
COLUMNS = (
    "table", "area_status", "la_code", "ons_code", "name", "region", "framework", "inspection_type",
    "inspection_start", "inspection_end", "published", "overall", "safeguarding", "help_and_protection",
    "children_in_care", "care_leavers", "adoption", "leadership", "safeguarding_board", "theme",
)  # fmt: skip

#: Columns of the file of printed national shares.
SHARE_COLUMNS = (
    "framework", "as_at", "n", "outstanding", "good", "requires_improvement_or_adequate", "inadequate",
    "pct_good_or_outstanding", "pct_ri_or_adequate", "pct_inadequate", "basis", "source_id", "evidence", "note",
)  # fmt: skip


def _ilacs(prefix, care="children in care", leavers=True):
    """The columns of one ILACS inspection in a wide history, by our names."""
    columns = {
        "inspection_type": "inspection type",
        "published": "publication date",
        "overall": "overall effectiveness",
        "leadership": "impact of leaders",
        "help_and_protection": "experiences and progress of children who need help and protection",
        "children_in_care": f"experiences and progress of {care}",
        "care_leavers": "experiences and progress of care leavers",
    }
    if not leavers:
        del columns["care_leavers"]
    return {"framework": "ILACS", "columns": {field: f"{prefix} {text}" for field, text in columns.items()}}


def _sif(which, published, overall_kind):
    columns = {
        "published": published,
        "overall": f"{which} Overall Judgement (OE)",
        "help_and_protection": f"{which} children who need help and protection",
        "children_in_care": f"{which} children looked after and achieving permanence",
        "adoption": f"{which} CLA Sub: Adoption Performance",
        "care_leavers": f"{which} CLA Sub: Experiences and progress of care leavers",
        "leadership": f"{which} leadership, management and governance",
    }
    return {"framework": "SIF", "inspection_type": overall_kind, "columns": columns}


_JOINT = "children in care and care leavers"  # one judgement until 31 December 2022
_SINGLE = "Single Inspection of LA Children's Services (SIF)"
_FIRST_SIF = _sif("First SIF", f"{_SINGLE} First SIF publication date", "First SIF")
_FIRST_SIF["columns"]["safeguarding_board"] = "LSCB Overall Effectiveness"

# What an authority's row of the 2009-2023 history says of the frameworks before ILACS. SLAC made
# two headline judgements and no single overall one, so `overall` is not among its fields.
_BEFORE_ILACS = [
    {
        "framework": "SLAC",
        "inspection_type": "SLAC inspection",
        "columns": {
            "published": "Safeguarding & Looked After Children (SLAC) Inspection publication date",
            "safeguarding": "SLAC Safeguarding Overall effectiveness (OE)",
            "children_in_care": "SLAC Looked After Children Overall Effectiveness (OE)",
        },
    },
    {
        "framework": "SLAC",
        "inspection_type": "SLAC re-inspection of Safeguarding",
        "columns": {
            "published": "SLAC re-inspection of Safeguarding publication date",
            "safeguarding": "SLAC re-inspection Safeguarding OE",
        },
    },
    {
        "framework": "SLAC",
        "inspection_type": "SLAC re-inspection of services for Children Looked After",
        "columns": {
            "published": "SLAC re-inspection of services for Children Looked After publication date",
            "children_in_care": "SLAC re-inspection of services Children Looked After OE",
        },
    },
    {
        "framework": "CPI",
        "inspection_type": "Child Protection Inspection",
        "columns": {
            "published": "Child Protection Inspections (CPI) publication date",
            "overall": "CPI Overall Effectiveness (OE)",
        },
    },
    {
        "framework": "CPI",
        "inspection_type": "Child Protection Re-Inspection",
        "columns": {
            "published": "Child Protection Re-Inspection (CPRI) publication date",
            "overall": "CPRI Overall Effectiveness (OE)",
        },
    },
    {
        "framework": "TLAC",
        "inspection_type": "Targeted Looked After Children inspection",
        "columns": {
            "published": "Targeted Looked After Children (TLAC) inspection publication date",
            "overall": "TLAC Overall Effectiveness (OE)",
        },
    },
    _FIRST_SIF,
    _sif("SIF Re-inspection", f"{_SINGLE} SIF Re-inspection publication date", "SIF Re-inspection"),
]


def _listed(overall, leadership, experiences, **columns):
    """A table with one inspection a row: its columns by our names."""
    return {
        "framework": "ILACS",
        "columns": {
            **columns,
            "overall": overall,
            "leadership": leadership,
            "help_and_protection": f"{experiences} children who need help and protection",
            "children_in_care": f"{experiences} children in care",
            "care_leavers": f"{experiences} care leavers",
        },
    }


_SHORT = ("Overall effectiveness", "Impact of leaders", "Experiences and progress of")
_LONG = (
    "Overall effectiveness",
    "The impact of leaders on social work practice with children and families",
    "The experiences and progress of",
)
_NAME = {"name": "Local authority name"}
_CODED = {"ons_code": "Local authority area code", "name": "Local authority name"}
_VISIT = {"inspection_start": "Inspection/Visit date", "inspection_type": "Inspection/Visit type"}

# By workbook and sheet: the tables it holds from the top, each with the columns that say which
# authority, the inspections a row describes, and the columns that are passed over.
LAYOUTS = {
    "2023": {
        "LA_inspections_2009-2023": [
            {
                "table": "history",
                "area_status": "Current",
                "area": {**_NAME, "region": "LA region"},
                "events": [
                    *_BEFORE_ILACS,
                    _ilacs("First ILACS framework", _JOINT, leavers=False),
                    _ilacs("Second ILACS framework"),
                ],
                "unused": ["Web link", "LA Authority Type"],
            },
            {
                "table": "history",
                "area_status": "No longer exists",
                "area": {**_NAME, "region": "LA region"},
                "events": [*_BEFORE_ILACS, _ilacs("ILACS framework", _JOINT, leavers=False)],
                "unused": ["Web link", "LA Authority Type"],
            },
        ],
        "LA_level_at_31_Mar_2023": [
            {
                "table": "latest",
                "area": {**_NAME, "region": "Ofsted region"},
                "events": [_listed(*_SHORT, inspection_start="Inspection date")],
                "unused": ["Web link"],
            }
        ],
        "LA_level_in_year_2022-23": [
            {
                "table": "in_year",
                "area": {**_NAME, "region": "Ofsted region"},
                "events": [_listed(*_SHORT, **_VISIT, theme="Visit Theme")],
                "unused": ["Web link"],
            }
        ],
    },
    "2024": {
        "ILACS_inspections_2018-2024": [
            {
                "table": "history",
                "area_status": "Current",
                "area": {**_NAME, "region": "LA region"},
                "events": [_ilacs("First ILACS"), _ilacs("Second ILACS")],
                "unused": ["Web link"],
            },
            {
                "table": "history",
                "area_status": "No longer exists",
                "area": {**_NAME, "region": "LA region"},
                "events": [_ilacs("ILACS framework", _JOINT, leavers=False)],
                "unused": ["Web link"],
            },
        ],
        "Inspections_31_March_2024": [
            {
                "table": "latest",
                "area": {**_NAME, "region": "Ofsted region"},
                "events": [_listed(*_SHORT, inspection_start="Inspection date")],
                "unused": ["Web link"],
            }
        ],
        "Inspections_in_year_2023-24": [
            {
                "table": "in_year",
                "area": {**_NAME, "region": "Region"},
                "events": [_listed(*_SHORT, **_VISIT, theme="Visit Theme")],
                "unused": ["Web link"],
            }
        ],
    },
    "2025": {
        "ILACS_inspection_history": [
            {
                "table": "history",
                "area": {**_CODED, "area_status": "Local authority status", "region": "Ofsted region"},
                "events": [
                    _listed(
                        *_LONG,
                        inspection_start="Inspection date",
                        published="Publication date",
                        inspection_type="Inspection type",
                    )
                ],
                "unused": ["Web link"],
            }
        ],
        "Inspections_as_at_31_March": [
            {
                "table": "latest",
                "area": {**_CODED, "region": "Ofsted region"},
                "events": [_listed(*_LONG, inspection_start="Inspection date", published="Publication date")],
                "unused": ["Web link"],
            }
        ],
        "In-year_inspections": [
            {
                "table": "in_year",
                "area": {**_CODED, "region": "Region"},
                "events": [_listed(*_LONG, **_VISIT, published="Publication date", theme="Visit Theme")],
                "unused": ["Web link"],
            }
        ],
    },
    "compiled": {
        "ofsted_cs_inspections_overview": [
            {
                "table": "compiled",
                "area": {"la_code": "la_code", "name": "local_authority", "region": "region_code"},
                "events": [
                    {
                        "framework": "ILACS",
                        "columns": {
                            "inspection_type": "inspection_framework",
                            "inspection_start": "inspection_start_date",
                            "inspection_end": "inspection_end_date",
                            "published": "publication_date",
                            "overall": "overall_effectiveness_grade",
                            "leadership": "impact_of_leaders_grade",
                            "help_and_protection": "help_and_protection_grade",
                            "children_in_care": "in_care_grade",
                            "care_leavers": "care_leavers_grade",
                        },
                    }
                ],
                # Named so that a change is noticed, and left behind: inspectors are not our business,
                # and the 9-character codes are of 2022 (la_code is right).
                "unused": [
                    "urn", "ltla23cd", "stat_neighbours", "stat_neighbour_judgement", "inspection_link",
                    "inspector_name", "local_link_to_all_inspections", "inspectors_inspections_count",
                ],
            }
        ]
    },
}  # fmt: skip


def read(path, part, release):
    """What a release says of inspections, each cell as published.

    Parameters
    ----------
    path : pathlib.Path
        The publisher's workbook, or the file of printed national shares.
    part : {"inspections", "shares"}
    release : dict
        Its entry in `publications.toml`: `workbook` names the layout ("2023", "2024", "2025",
        "compiled") of inspections; `source_id` picks the rows of the printed shares that this
        release is the source of.

    Returns
    -------
    pandas.DataFrame of str
        For inspections `COLUMNS`, one row for each inspection each table states, dates as
        YYYY-MM-DD where the cell is a date. For shares `SHARE_COLUMNS`.

    Raises
    ------
    BadInput
        If a sheet, table or column is missing, renamed or added.
    """
    path = pathlib.Path(path)
    if part == "shares":
        return read_shares(common.read_csv_text(path), release["source_id"], path)
    if part != "inspections":
        raise BadInput(f"{path.name}: {part!r} is not a part of an inspections release; 'inspections' or 'shares' is")
    layout = LAYOUTS[release["workbook"]]
    frames = [parse(common.read_sheet(path, sheet), tables, path, sheet) for sheet, tables in layout.items()]
    return pd.concat(frames, ignore_index=True)


def parse(cells, tables, path, sheet=""):
    """The inspections in one sheet.

    Parameters
    ----------
    cells : pandas.DataFrame of object
        The sheet, as `common.read_sheet` gives it.
    tables : list of dict
        The tables expected in it from the top, as in `LAYOUTS`.
    path : path-like
        For messages.
    sheet : str
        For messages.

    Returns
    -------
    pandas.DataFrame of str
        With `COLUMNS`.

    Raises
    ------
    BadInput
        If the sheet has not the tables and columns expected, or a table is empty.
    """
    where = f"{pathlib.Path(path).name}, sheet {sheet}" if sheet else pathlib.Path(path).name
    name_column = next(iter(tables))["area"]["name"]
    rows = [[_text(cell) for cell in row] for row in cells.to_numpy(dtype=object)]
    starts = [number for number, row in enumerate(rows) if name_column in row]
    if len(starts) != len(tables):
        raise BadInput(
            f"{where}: {len(starts)} table(s) with a column {name_column!r} found where {len(tables)} are "
            "expected; the column may have been renamed or the file may be of another release"
        )
    found = []
    for table, start, end in zip(tables, starts, [*starts[1:], len(rows)], strict=True):
        header = rows[start]
        events = table["events"]
        used = [*table["area"].values(), *(column for event in events for column in event["columns"].values())]
        named = [column for column in header if column]
        repeated = [column for column in named if named.count(column) > 1]
        if repeated:
            raise BadInput(f"{where}: column {repeated[0]!r} appears twice; each should appear once")
        common.require_columns(named, [*table["unused"], *used], where)
        at = {column: position for position, column in enumerate(header)}
        body = [row for row in rows[start + 1 : end] if row[at[name_column]]]
        if not body:
            raise BadInput(f"{where}: no rows below the header in row {start + 1}; download the file again")
        for row in body:
            area = {field: row[at[column]] for field, column in table["area"].items()}
            area.setdefault("area_status", table.get("area_status", ""))
            for event in events:
                said = {field: row[at[column]] for field, column in event["columns"].items()}
                if any(said.values()):
                    said.setdefault("inspection_type", event.get("inspection_type", ""))
                    found.append({"table": table["table"], "framework": event["framework"], **area, **said})
    return pd.DataFrame(found, columns=list(COLUMNS), dtype=object).fillna("")


def read_shares(printed, source_id, path):
    """National shares of each grade that one source printed.

    Shares recomputed from the list of authorities by whoever compiled the file are left out, for
    this package computes those itself; so are claims without a source, which belong in the
    register of claims.

    Parameters
    ----------
    printed : pandas.DataFrame of str
        The whole file.
    source_id : str
        The source wanted, alone or the first of several in a cell.
    path : path-like
        For messages.

    Returns
    -------
    pandas.DataFrame of str
        With `SHARE_COLUMNS`.

    Raises
    ------
    BadInput
        If a column is missing or the file has nothing from that source.
    """
    common.require_columns(printed.columns, SHARE_COLUMNS, path)
    first = printed["source_id"].str.split(";").str[0].str.strip()
    ours = printed["basis"].str.startswith(("recomputed", "counted"))
    found = printed[(first == source_id) & ~ours].reset_index(drop=True)
    if found.empty:
        raise BadInput(f"{pathlib.Path(path).name} has no printed share from {source_id!r}; see the source_id column")
    return found[list(SHARE_COLUMNS)]


def _text(cell):
    """A cell as text on one line; a date without its time of day."""
    if isinstance(cell, datetime.datetime | datetime.date):
        return cell.strftime("%Y-%m-%d")
    return " ".join(common.as_published(cell).split())
