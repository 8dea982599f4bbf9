"""A mapping's preview as text."""

from __future__ import annotations

from lifetide.pipelines.sources import Preview

WIDEST = 24


def preview_text(preview: Preview) -> str:
    """Counts, types and ten rows of one source."""
    source = preview.source
    rejected = ", ".join(f"{count:,} {reason}" for reason, count in sorted(preview.reject_counts.items()))
    lines = [
        f"{source.name} ({source.kind}) from {source.table or source.path}",
        f"  {preview.read_count:,} rows, {preview.filtered_count:,} left out by `where`; "
        f"rejected: {rejected or 'none'}",
    ]
    names = list(preview.types)
    table = [names, [preview.types[name] for name in names]]
    table += [[_cell(row[name]) for name in names] for row in preview.rows]
    widths = [max(len(line[place]) for line in table) for place in range(len(names))]
    lines += ["  " + "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in table]
    if not preview.rows:
        lines.append("  (no row is left to show)")
    return "\n".join(lines)


def _cell(value: str | None) -> str:
    text = "·" if value is None else "".join(letter if letter.isprintable() else "�" for letter in value)
    return text if len(text) <= WIDEST else text[: WIDEST - 1] + "…"
