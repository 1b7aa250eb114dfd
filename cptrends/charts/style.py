"""How every chart looks, and the object a chart is.

Colours and rules follow the Government Analysis Function's guidance on charts: at most four
colours, labels in ink beside the lines, light horizontal gridlines, axes from zero for counts.
One renderer draws all of them: a matplotlib Figure saved as SVG whose text stays text. The bytes
repeat: the salt is fixed, no date is written, and layout uses the font matplotlib brings.
"""

import dataclasses
import html
import io
import re
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Required, TypedDict

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

INK, GREY, CONTEXT, GRID = "#0b0c0c", "#595959", "#949494", "#d9d9d9"
COLOURS = ("#12436D", "#F46A25", "#28A197", "#801650")
DASHES = ("-", (0, (5, 2)), (0, (1.5, 1.5)), (0, (6, 2, 1.5, 2)))
#: Of a line that marks a place and is no series of figures.
MARKING = (0, (3, 3))
#: Behind a label that stands among points.
LABEL_BOX = {"facecolor": "white", "edgecolor": "none", "pad": 1, "alpha": 0.85}
WIDTH, HEIGHT = 680, 380  # points; the page scales the drawing to its column
FONT_SIZE = 13

#: Of matplotlib, while a chart is drawn and saved.
SETTINGS: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": FONT_SIZE,
    "svg.fonttype": "none",
    "svg.hashsalt": "cptrends",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "ytick.major.size": 0,
    "text.color": INK,
    "text.parse_math": False,  # a dollar in an area's name is a dollar
    "lines.linewidth": 2.4,
    "path.simplify": False,
}


class About(TypedDict, total=False):
    """What is said about a chart: every function that draws one takes these, as options.

    Attributes
    ----------
    title : str
        The finding.
    subtitle : str
        The measure, place, period and unit.
    source : str, optional
        Publisher and release; read from the frames drawn when left out (`cptrends.data.sources_of`). A chart of
        figures computed from others, such as an index, has to be given that of the others.
    notes : sequence of str, optional
        What a reader should know, a sentence or two each.
    name : str, optional
        For the ids inside the drawing; from the title when left out.
    also : str, optional
        What the description ends with: what those who read it in place of the drawing must know as well.
    """

    title: Required[str]
    subtitle: Required[str]
    source: str | None
    notes: Sequence[str]
    name: str | None
    also: str


class Facts(TypedDict):
    """What a page needs of a chart, as a notebook's output carries it.

    Attributes
    ----------
    name, title, subtitle, drawing, description, source, notes, measures
        As in `Chart`.
    csv : str
        The numbers drawn.
    """

    name: str
    title: str
    subtitle: str
    drawing: str
    description: str
    source: str
    notes: list[str]
    measures: list[str]
    csv: str


@dataclasses.dataclass(frozen=True)
class Chart:
    """A drawn chart: what notebooks show and reports place on a page.

    Attributes
    ----------
    name : str
        Letters, digits and hyphens; prefixes the ids inside the drawing.
    title : str
        The finding.
    subtitle : str
        The measure, place, period and unit.
    drawing : str
        The SVG without its heading.
    description : str
        What the chart shows, in words, from the data.
    source : str
        Publisher and release.
    table : pandas.DataFrame
        The numbers drawn.
    notes : tuple of str
    measures : tuple of str
        Measures drawn as they were loaded, so that a page can say where each figure is from.
    """

    name: str
    title: str
    subtitle: str
    drawing: str
    description: str
    source: str
    table: "pd.DataFrame"
    notes: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()

    def svg(self) -> str:
        """The drawing with its title, subtitle and source, to stand alone."""
        title = textwrap.wrap(self.title, 70)
        subtitle = textwrap.wrap(self.subtitle, 96)
        source = textwrap.wrap(f"Source: {self.source}", 104)
        top = 8 + 22 * len(title) + 18 * len(subtitle) + 8
        width, height = map(float, re.findall(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', self.drawing)[0])
        bottom = 8 + 16 * len(source)
        lines = _text_lines(title, 18, 22, 22, "bold", INK) + _text_lines(
            subtitle, 13, 18, 4 + 22 * len(title) + 18, "normal", GREY
        )
        lines += _text_lines(source, 11, 16, top + height + 12, "normal", GREY)
        inner = self.drawing.replace("<svg ", f'<svg y="{top}" width="{width:g}" height="{height:g}" ', 1)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" '
            f'viewBox="0 0 {width:g} {top + height + bottom:g}" font-family="Arial, Helvetica, sans-serif">'
            f'<rect width="100%" height="100%" fill="#ffffff"/>{lines}{inner}</svg>'
        )

    @property
    def facts(self) -> Facts:
        """What a page needs of the chart."""
        return {
            "name": self.name,
            "title": self.title,
            "subtitle": self.subtitle,
            "drawing": self.drawing,
            "description": self.description,
            "source": self.source,
            "notes": list(self.notes),
            "measures": list(self.measures),
            "csv": self.table.to_csv(index=False),
        }

    def _repr_mimebundle_(self, **_asked_for: Any) -> tuple[dict[str, str], dict[str, Facts]]:
        # Never text/html: in a notebook that is not trusted JupyterLab would take the SVG apart.
        bundle = {"image/svg+xml": self.svg(), "text/plain": f"{self.title}\n{self.subtitle}\n{self.description}"}
        return bundle, {"cptrends": self.facts}


def _text_lines(lines: list[str], size: int, step: int, start: float, weight: str, colour: str) -> str:
    return "".join(
        f'<text x="4" y="{start + number * step}" font-size="{size}" font-weight="{weight}" fill="{colour}">'
        f"{html.escape(line)}</text>"
        for number, line in enumerate(lines)
    )


def to_svg(drawn: "Figure", name: str, title: str, description: str) -> str:
    """A matplotlib Figure as an inline SVG: text as text, named, with ids of its own.

    Parameters
    ----------
    drawn : matplotlib.figure.Figure
    name, title, description : str

    Returns
    -------
    str
    """
    buffer = io.StringIO()
    drawn.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    svg = buffer.getvalue()
    svg = svg[svg.index("<svg ") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'<defs>\s*<style type="text/css">.*?</style>\s*</defs>', "", svg, flags=re.DOTALL)
    svg = re.sub(r"<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = re.sub(r"font(?:-family)?: ([\d.]+px )?'DejaVu Sans'(, [^;\"]*)?", _page_font, svg)
    svg = re.sub(r'\bid="', f'id="{name}-', svg)
    svg = re.sub(r'(url\(#|href="#)', rf"\g<1>{name}-", svg)
    svg = re.sub(r"\n\s*", "\n", svg)
    view = re.findall(r'viewBox="[^"]*"', svg)[0]
    head = (
        f'<svg class="drawing" {view} role="img" aria-labelledby="{name}-t {name}-d" stroke-linejoin="round" '
        'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
        f'<title id="{name}-t">{html.escape(title)}</title><desc id="{name}-d">{html.escape(description)}</desc>'
    )
    return head + svg[svg.index(">") + 1 :].rstrip()


def _page_font(match: re.Match[str]) -> str:
    family = "Arial, Helvetica, sans-serif"
    return f"font: {match[1]}{family}" if match[1] else f"font-family: {family}"
