"""The SVG text: elements in the order in which they are drawn, and the style sheet that colours them."""

from __future__ import annotations

from html import escape

from .boxes import Box, Line, text_width

__all__ = ["Svg"]

_STYLE = """
.softgate text { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace;
  text-anchor: middle; fill: #1f2933; }
.softgate .shape { fill: #5b6673; }
.softgate .value { fill: #a3341f; }
.softgate .pin, .softgate .rank-label { fill: #7a8591; }
.softgate .symbol { font-weight: bold; }
.softgate rect { stroke-width: 1.2; }
.softgate .arithmetic rect { fill: #e9f1fc; stroke: #3f74ba; }
.softgate .arithmetic .symbol { fill: #3f74ba; }
.softgate .multiply rect { fill: #fdebe8; stroke: #c4503f; }
.softgate .multiply .symbol { fill: #c4503f; }
.softgate .table rect { fill: #fff4d9; stroke: #bd8b1a; }
.softgate .table .symbol { fill: #bd8b1a; }
.softgate .choice rect { fill: #e7f5ec; stroke: #3f8f5d; }
.softgate .choice .symbol { fill: #3f8f5d; }
.softgate .logic rect { fill: #f2ebfa; stroke: #7d5bb2; }
.softgate .logic .symbol { fill: #7d5bb2; }
.softgate .wiring rect { fill: #ffffff; stroke: #c3cad1; }
.softgate .constant rect { fill: #f4f6f8; stroke: #dfe4e9; }
.softgate .port rect { fill: #334155; stroke: #334155; }
.softgate .port text { fill: #ffffff; }
.softgate .net { fill: none; stroke: #66717d; stroke-width: 1; }
.softgate .bus { stroke-width: 1.8; }
.softgate .net:hover { stroke: #d9480f; stroke-width: 3; }
.softgate .tip { fill: #66717d; }
.softgate .rank { stroke: #8a94c8; stroke-width: 1.4; stroke-dasharray: 7 5; }
.softgate .register { fill: #5661b3; }
""".strip()


class Svg:
    """Collects the elements of a picture."""

    def __init__(self) -> None:
        self._parts: list[str] = []

    def document(self, width: int, height: int, title: str) -> str:
        """Return the text of the file."""
        size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
        head = [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="softgate" role="img" {size}>',
            f"<title>{escape(title)}</title>",
            f"<style>\n{_STYLE}\n</style>",
            f'<path class="background" fill="#ffffff" d="M0 0H{width}V{height}H0Z"/>',
        ]
        return "\n".join([*head, *self._parts, "</svg>", ""])

    def path(self, style: str, d: str) -> None:
        """Draw a line."""
        self._parts.append(f'<path class="{style}" d="{d}"/>')

    def net(self, source: Box, users: list[str], d: str) -> None:
        """Draw the net of the value of `source`, which the `users` read."""
        style = "net" if source.bits == 1 else "net bus"
        self._parts.append(
            f'<path class="{style}" data-from="{source.name}" data-to="{" ".join(users)}" d="{d}">'
            f"<title>{_held(source)}</title></path>"
        )

    def register(self, source: Box, x: int, y: int) -> None:
        """Draw the register that holds the value of `source`."""
        self._parts.append(
            f'<rect class="register" x="{x - 4}" y="{y - 4}" width="8" height="8">'
            f"<title>register of {_held(source)}</title></rect>"
        )

    def box(self, box: Box, x: int, y: int) -> None:
        """Draw a box, its left upper corner at `x` and `y`, without pins and constants."""
        corner = {"port": box.height // 2, "wiring": 2}.get(box.kind, 5)
        self._parts.append(f'<g class="box {box.kind}" data-name="{box.name}"><title>{escape(box.tooltip)}</title>')
        self._parts.append(f'<rect x="{x}" y="{y}" width="{box.width}" height="{box.height}" rx="{corner}"/>')
        base = y + (box.height - box.text_height + box.pin_height) // 2
        for line in box.lines:
            base += line.height
            self.text(line, x + box.width // 2, base - 4)
        self._parts.append("</g>")

    def text(self, line: Line, x: int, y: int) -> None:
        """Write a line centred on `x`; symbol and text apart, as renderers differ in centring mixed fonts."""
        left = x - line.width / 2
        for text, style in ((line.symbol, f"symbol {line.style}"), (line.text, line.style)):
            if text:
                width = text_width(text, line.size)
                place = f'x="{round(left + width / 2)}" y="{y}" font-size="{line.size}"'
                self._parts.append(f'<text class="{style}" {place}>{escape(text)}</text>')
                left += width + text_width(" ", line.size)


def _held(source: Box) -> str:
    return f"{source.name}, {source.bits} bit{'s' * (source.bits > 1)}"
