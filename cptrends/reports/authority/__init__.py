"""An authority's page: where it stands, whether its changes are real, and what it must not give away.

`names` makes a code of what a person typed; all below takes codes. `everyone` has every area's figures and remembers
them, `judging` says which changes are unusual; `subject` is the authority a page is about, with what `withheld` takes
off it. `readings` is each indicator as it stands there, `steps` its changes with what must be said beside them;
`table`, `changed`, `sentences`, `standing_out`, `deprivation`, `over_years`, `among_others` and `ofsted` say and draw
it (a figure as text: `cells`, where it is from: `origins`), `page` puts it together, `comparing` sets a few beside
each other, `building` writes many.
"""

from cptrends.lazy import lazy

__getattr__, __dir__, __all__ = lazy(
    __name__,
    {
        "cptrends.reports.authority.names": ["codes"],
        "cptrends.reports.authority.page": ["assemble"],
        "cptrends.reports.authority.building": ["build"],
        "cptrends.reports.authority.comparing": ["side_by_side", "compare"],
    },
)
