"""Running a notebook, and turning what it shows into the body of a page."""

import dataclasses
import html
import pathlib
import re
import urllib.parse
from typing import TYPE_CHECKING

from cptrends.charts import addresses
from cptrends.errors import BadInput

if TYPE_CHECKING:
    import nbformat

    from cptrends.charts.style import Facts

TIMEOUT_SECONDS = 120


@dataclasses.dataclass(frozen=True)
class Page:
    """What a page says.

    Attributes
    ----------
    name : str
        Of its file, without ending.
    title : str
    finding : str
        HTML of the sentence it opens with.
    contents : tuple of (str, str)
        Id and text of each section.
    figures : dict of str to str
        HTML of each chart by name.
    body : str
        HTML.
    """

    name: str
    title: str
    finding: str
    contents: tuple
    figures: dict
    body: str


async def execute(path: pathlib.Path, folder: pathlib.Path) -> "nbformat.NotebookNode":
    """Run a notebook top to bottom in a kernel of its own.

    Parameters
    ----------
    path : pathlib.Path
    folder : pathlib.Path
        The kernel's working folder.

    Returns
    -------
    nbformat.NotebookNode
        The notebook with its outputs; the file is not touched.

    Raises
    ------
    BadInput
        If a cell fails: its number, the error and its message in one line.
    """
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=TIMEOUT_SECONDS,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(folder)}},
        extra_arguments=["--log-level=40"],
    )
    try:
        # The interpreter's own warnings about kernels are no concern of readers.
        await client.async_execute()
    except CellExecutionError as error:
        number = _failed_cell(notebook)
        message = " ".join(str(error.evalue).split())[:300]
        raise BadInput(f"{path.name}, cell {number}: {error.ename}: {message}") from None
    except (CellTimeoutError, DeadKernelError) as error:
        raise BadInput(f"{path.name}: the kernel stopped ({' '.join(str(error).split())[:200]})") from None
    return notebook


def _failed_cell(notebook: "nbformat.NotebookNode") -> int | str:
    for number, cell in enumerate(notebook.cells, start=1):
        if any(output.output_type == "error" for output in cell.get("outputs", [])):
            return number
    return "?"


def render(notebook: "nbformat.NotebookNode", name: str) -> Page:
    """An executed notebook as a page.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
    name : str
        The page's file name without ending.

    Returns
    -------
    Page
    """
    title, finding = name, ""
    parts: list[str] = []
    contents: list[tuple[str, str]] = []
    figures: dict[str, str] = {}
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type == "markdown":
            body = markdown(cell.source)
            if match := re.search(r"<h1>(.*?)</h1>", body):
                title, body = html.unescape(re.sub(r"<.*?>", "", match[1])), body.replace(match[0], "")
            body, found = _with_ids(body)
            contents += found
            parts.append(body)
        elif cell.cell_type == "code":
            shown = [_output(output) for output in cell.outputs]
            facts = [output.get("metadata", {}).get("cptrends") for output in cell.outputs]
            figures |= {one["name"]: figure(one) for one in facts if one}
            if not finding and (first := [o for o in cell.outputs if "text/markdown" in o.get("data", {})]):
                finding = markdown(first[0]["data"]["text/markdown"])
                shown = [f'<div class="finding">{text}</div>' if text == finding else text for text in shown]
            parts.append("\n".join(filter(None, [*shown, _code(cell.source, number)])))
    return Page(name, title, finding, tuple(contents), figures, "\n".join(parts))


def markdown(text: str) -> str:
    """Markdown to HTML; HTML in it stays text.

    >>> markdown("Plans **rose** <script>").strip()
    '<p>Plans <strong>rose</strong> &lt;script&gt;</p>'
    """
    import mistune

    return str(mistune.create_markdown(escape=True, plugins=["table"])(text))


def _with_ids(body: str) -> tuple[str, list[tuple[str, str]]]:
    """Give every h2 an id and list them for the contents."""
    found = []

    def mark(match: re.Match[str]) -> str:
        text = html.unescape(re.sub(r"<.*?>", "", match[1]))
        ident = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
        found.append((ident, text))
        return f'<h2 id="{ident}">{match[1]}</h2>'

    return re.sub(r"<h2>(.*?)</h2>", mark, body), found


def _code(source: str, number: int) -> str:
    return (
        f'<details class="code"><summary>Show the code<span class="visually-hidden"> of step {number}</span></summary>'
        f'<pre tabindex="0"><code>{html.escape(source)}</code></pre></details>'
    )


def _output(output: "nbformat.NotebookNode") -> str:
    if output.output_type == "stream":
        return f"<pre>{html.escape(output.text)}</pre>" if output.name == "stdout" else ""
    data, metadata = output.get("data", {}), output.get("metadata", {})
    if facts := metadata.get("cptrends"):
        return figure(facts)
    if "text/html" in data:
        # A table of ours comes a second time with its links, which lead to other pages of the reports.
        table = metadata.get("cptrends_table", data["text/html"])
        caption = re.search(r"<caption>([^<]*)</caption>", table)
        label = html.escape(html.unescape(caption[1])) if caption else "Table"
        return f'<div class="scroll" tabindex="0" role="region" aria-label="{label}">{table}</div>'
    if "text/markdown" in data:
        return markdown(data["text/markdown"])
    return f"<pre>{html.escape(data['text/plain'])}</pre>" if "text/plain" in data else ""


def figure(facts: "Facts") -> str:
    """A chart on a page: title, subtitle, drawing, notes, source and the numbers as CSV.

    Parameters
    ----------
    facts : dict
        As `Chart.facts` gives them, and a notebook's output keeps them.

    Returns
    -------
    str
    """
    name, title, subtitle, source = map(
        html.escape, (facts["name"], facts["title"], facts["subtitle"], facts["source"])
    )
    notes = "".join(f"<li>{html.escape(note)}</li>" for note in facts["notes"])
    csv = urllib.parse.quote(facts["csv"])
    origin = "".join(
        f' <a href="{addresses.measure(measure)}">Where each figure is from<span class="visually-hidden">: {measure}'
        "</span></a>."
        for measure in map(html.escape, facts["measures"])
    )
    return (
        f'<figure id="{name}"><figcaption><p class="title">{title}</p>'
        f'<p class="subtitle">{subtitle}</p></figcaption>'
        f'<div class="scroll" tabindex="0" role="region" aria-label="Chart: {title}">{facts["drawing"]}</div>'
        + (f'<ul class="notes">{notes}</ul>' if notes else "")
        + f'<p class="source">Source: {source}. <span class="links">'
        f'<a download="{name}.csv" href="data:text/csv;charset=utf-8,{csv}">'
        f'Download these figures<span class="visually-hidden"> of {title}</span> (CSV)</a>.{origin}</span></p>'
        "</figure>"
    )
