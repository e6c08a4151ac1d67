"""Drawing: colours, text sizes and the few shapes that the pictures are made of, as SVG.

Belongs here: what any picture may need. Does not belong here: data, and the layout of one kind of picture.

Drawings are ``WIDTH`` units wide and shown at most half as large again, so that their text is as large as the page's on
a telephone and on a screen. Colours are those of the Government Analysis Function; nothing is told by colour alone.
Drawn by hand and not by a charting library: Vega (Altair, vl-convert) takes 0.3 s a picture, and a release has some
eighty of them.
"""

from collections.abc import Iterable
from xml.etree import ElementTree

from pipelines.plain_text import one_line

# Width of a drawing in its own units: that of a telephone, less the page's margins.
WIDTH = 340
# Analysis Function palette for charts: https://analysisfunction.civilservice.gov.uk/policy-store/data-visualisation-colours-in-charts/
DARK_BLUE = "#12436D"
TURQUOISE = "#28A197"
DARK_PINK = "#801650"
ORANGE = "#F46A25"
DARK_GREY = "#3D3D3D"
LIGHT_PURPLE = "#A285D1"
# Text and lines that carry no data.
INK = "#0B0C0C"
RULE = "#B1B4B6"
PAPER = "#FFFFFF"
# Sizes of text, in units; SMALL is the smallest that a telephone shows readably.
TEXT = 12
SMALL = 11
# Width of a character, of the size of its text: a little more than the mean in usual typefaces.
CHARACTER = 0.56
BOLD_CHARACTER = 0.6

Element = ElementTree.Element


def drawing(height: float, alt: str, shapes: Iterable[Element]) -> str:
    """One ``<svg>`` element of WIDTH by ``height`` units with an alternative text; what stands in it is hidden from
    screen readers, which read the text and the data table."""
    root = shape("svg", viewBox=f"0 0 {WIDTH} {number(height)}", role="img", focusable="false")
    root.set("xmlns", "http://www.w3.org/2000/svg")
    root.set("aria-label", one_line(alt))
    root.extend(shapes)
    return ElementTree.tostring(root, encoding="unicode")


def shape(tag: str, **attributes: str | float) -> Element:
    """An element; ``class_`` is its class, and underscores in other names stand for hyphens."""
    element = Element(tag)
    for name, value in attributes.items():
        key = "class" if name == "class_" else name if name == "viewBox" else name.replace("_", "-")
        element.set(key, value if isinstance(value, str) else number(value))
    return element


def text(x: float, y: float, words: str, size: float = TEXT, fill: str = INK, **attributes: str | float) -> Element:
    """Words at a place: ``y`` is their base line; ``text_anchor`` is start, middle or end. Text of reports may stand in
    it: characters that XML cannot hold or that change how the rest reads are made harmless."""
    element = shape("text", x=x, y=y, font_size=size, fill=fill, **attributes)
    element.text = one_line(words)
    return element


def label(x: float, y: float, words: str, **attributes: str | float) -> Element:
    """Words at a place, of the size and colour of the group they are in: for drawings of many words."""
    element = shape("text", x=x, y=y, **attributes)
    element.text = one_line(words)
    return element


def width_of(words: str, size: float = TEXT, is_bold: bool = False) -> float:
    """About how wide words are, in units, whatever the typeface."""
    return len(words) * size * (BOLD_CHARACTER if is_bold else CHARACTER)


def fit(words: str, width: float, size: float = TEXT, is_bold: bool = False) -> str:
    """The words on one line; where they are wider than ``width`` units, their beginning and an ellipsis."""
    most = int(width / width_of("m", size, is_bold) + 1e-9)
    # No line of a drawing holds as much: the rest of a text of any length is not looked at.
    words = one_line(words[: 8 * WIDTH])
    return words if len(words) <= most else words[: max(most - 1, 0)].rstrip() + "\N{HORIZONTAL ELLIPSIS}"


def group(shapes: Iterable[Element], **attributes: str | float) -> Element:
    """Shapes that belong together, such as a bar with its words."""
    element = shape("g", **attributes)
    element.extend(shapes)
    return element


def number(value: float) -> str:
    """A coordinate with at most two decimals, the same on every machine."""
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"
