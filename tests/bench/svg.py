"""Plots as SVG text: bars with ranges, points on a logarithmic axis, and one small curve per row."""
import html
import math

COLOURS = {"eidolon": "#2563eb", "other": "#94a3b8", "quiet": "#cbd5e1"}
LABELS, ROW, TOP = 330, 26, 34  # width of the names, height of a row, room for the title


def colour(name):
    return COLOURS["eidolon"] if name.startswith("eidolon") else COLOURS.get(name, COLOURS["other"])


def text(x, y, content, anchor="start", size=12, fill="#334155"):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{fill}">{html.escape(content)}</text>'


def line(x1, y1, x2, y2, stroke="#e2e8f0", width=1):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{stroke}" stroke-width="{width}"/>'


def document(width, height, parts):
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" font-family="sans-serif">',
            f'<rect width="{width}" height="{height}" fill="white"/>',
            *parts,
            "</svg>\n",
        ]
    )


def bars(panels):
    """panels: (title, [(name, label, median, least, most)]); one panel beside the other, the names once."""
    wide = 230
    rows = panels[0][1]
    parts = [text(LABELS - 8, TOP + i * ROW + 17, label, "end") for i, (_, label, *_) in enumerate(rows)]
    for column, (title, values) in enumerate(panels):
        left = LABELS + column * (wide + 20)
        scale = (wide - 60) / max([most for *_, most in values] or [1])
        parts.append(text(left, 20, title, size=13))
        for i, (name, _, middle, least, most) in enumerate(values):
            y = TOP + i * ROW
            parts.append(f'<rect x="{left}" y="{y + 4}" width="{middle * scale:.1f}" height="{ROW - 8}" fill="{colour(name)}"/>')
            parts.append(line(left + least * scale, y + ROW / 2, left + most * scale, y + ROW / 2, "#0f172a", 1.5))
            parts.append(text(left + most * scale + 6, y + 17, f"{middle:.3g}", size=11))
    return document(LABELS + len(panels) * (wide + 20), TOP + len(rows) * ROW + 10, parts)


def logarithmic(least, most, left, width):
    low, high = math.floor(math.log10(max(least, 1e-3))), math.ceil(math.log10(max(most, 1e-2)))
    high = max(high, low + 1)
    ticks = [10.0**e for e in range(low, high + 1)]
    return (lambda v: left + (math.log10(max(v, 10.0**low)) - low) / (high - low) * width), ticks


def points(title, rows):
    """rows: (name, label, {what: value}), drawn on one logarithmic axis."""
    wide = 560
    every = [v for *_, values in rows for v in values.values() if v > 0] or [1]
    at, ticks = logarithmic(min(every), max(every), LABELS, wide)
    bottom = TOP + len(rows) * ROW
    parts = [text(LABELS, 20, title, size=13)]
    for tick in ticks:
        parts += [line(at(tick), TOP, at(tick), bottom), text(at(tick), bottom + 16, f"{tick:g}", "middle", 11)]
    for i, (name, label, values) in enumerate(rows):
        y = TOP + i * ROW + ROW / 2
        parts.append(text(LABELS - 8, y + 4, label, "end"))
        xs = [at(v) for v in values.values()]
        parts.append(line(min(xs), y, max(xs), y, colour(name), 3))
        for (what, value), x in zip(values.items(), xs):
            parts.append(f'<circle cx="{x:.1f}" cy="{y}" r="4" fill="{colour(name)}"><title>{html.escape(f"{what}: {value:g}")}</title></circle>')
    return document(LABELS + wide + 30, bottom + 24, parts)


def curves(title, rows):
    """rows: (name, label, [(x, y)]), one under the other, all with the same logarithmic axis upwards."""
    wide, high = 560, 60
    xs = [x for *_, curve in rows for x, _ in curve] or [0, 1]
    ys = [y for *_, curve in rows for _, y in curve if y > 0] or [1]
    up, ticks = logarithmic(max(min(ys), 1), max(ys), 0, high - 14)
    span = max(xs) - min(xs) or 1
    parts = [text(LABELS, 20, title, size=13)]
    for i, (name, label, curve) in enumerate(rows):
        bottom = TOP + (i + 1) * high - 6
        parts.append(text(LABELS - 44, bottom - high / 2 + 8, label, "end"))
        for tick in ticks:
            parts += [line(LABELS, bottom - up(tick), LABELS + wide, bottom - up(tick)), text(LABELS - 6, bottom - up(tick) + 3, f"{tick:g}", "end", 9)]
        path = " ".join(f"{LABELS + (x - min(xs)) / span * wide:.1f},{bottom - up(y):.1f}" for x, y in curve)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour(name)}" stroke-width="1.5"/>')
    bottom = TOP + len(rows) * high
    for second in range(0, int(max(xs)) + 1, max(1, int(span / 8))):
        parts.append(text(LABELS + (second - min(xs)) / span * wide, bottom + 12, f"{second} s", "middle", 11))
    return document(LABELS + wide + 30, bottom + 22, parts)
