"""`comity dyad`: what two parties did to each other, period by period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from comity.cli import choosing, options

if TYPE_CHECKING:
    from rich.table import Table

    from comity.relations.figures import Figure
    from comity.relations.series import Dyad, Series
    from comity.relations.summed import SummedDyad

SHOWN = 36
"""Periods of the table when no --limit is given."""

HEADINGS = ("verbal coop.", "material coop.", "verbal confl.", "material confl.")
"""Of the quad classes, in their order."""

BLOCKS = "▁▂▃▄▅▆▇█"
SPARK = 60
"""Most letters of a sparkline; longer series are put together."""


@click.command()
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@click.option(
    "--by", type=click.Choice(["day", "week", "month", "quarter", "year"]), default="month", show_default=True,
    help="Length of a period.",
)  # fmt: skip
@choosing.choice
@click.option(
    "--panel", metavar="WHO", multiple=True, default=("fixed",), show_default=True,
    help="Whose reports: fixed (outlets read all along), all, or parts of outlets' names.",
)  # fmt: skip
@click.option("--compare", metavar="PAIR", help="A second pair beside it: USA-RUS.")
@click.option("--audit", metavar="FILE", help="Correct for errors of coding by a reviewed sample (see: comity audit).")
@click.option("--sums", is_flag=True, help="Sums of intensities too. They measure coverage as much as conduct.")
@click.option(
    "--from", "file", metavar="FILE", help="No ledger: a table of sums by pair and period (columns a, b, month, score)."
)
@choosing.chart
@options.ledger
@options.limit
@options.as_json
def dyad(a: str, b: str, ledger: str, data: str | None, limit: int | None, as_json: bool, **given: Any) -> None:
    """What A and B did to each other: counts by quad class, share of cooperation, mean intensity, change points.

    Both directions and both together; a mutual event counts once there. Intervals come from resampling whole reports.
    A and B are codes or names of states, IGO:NATO, or GROUP:Hezbollah@LBN.

    \b
    Examples:
      comity dyad CHN RUS --since 2021 --chart chn-rus.svg
      comity dyad RUS UKR --by quarter --compare USA-RUS --json
      comity dyad UKR RUS --from dyad_month_2018_2024.csv.gz
    """
    from comity.cli import output

    chart = given.pop("chart")
    file = given.pop("file")
    if file is not None:
        _summed(a, b, file, given, chart, as_json)
        return
    from comity import relations

    choice = choosing.chosen(given)
    panel = given.pop("panel")
    audit = given.pop("audit")
    with options.open_ledger(ledger, data) as opened:
        found = relations.dyad(
            opened, a, b, by=given["by"], panel=panel[0] if len(panel) == 1 else panel, sums=given["sums"],
            compare=choosing.two(given["compare"]), choice=choice,
            audit=relations.read_audit(audit, opened) if audit else None,
        )  # fmt: skip
    if chart is not None:
        from comity.relations.charts import dyad_chart, save_chart

        save_chart(dyad_chart(found), chart)
        output.note(f"drawn: {chart}")
    if as_json:
        output.print_json(found)
        return
    show(found, SHOWN if limit is None else limit or None)


def _summed(a: str, b: str, file: str, given: dict[str, Any], chart: str | None, as_json: bool) -> None:
    from comity.cli import output
    from comity.relations import dyad_of_sums, need_party, read_sums

    found = dyad_of_sums(read_sums(file), need_party(a), need_party(b), since=given["since"], until=given["until"])
    if chart is not None:
        from comity.relations.charts import save_chart, summed_chart

        save_chart(summed_chart(found), chart)
        output.note(f"drawn: {chart}")
    if as_json:
        output.print_json(found)
    else:
        show_summed(found)


# --- on the screen ---------------------------------------------------------------------------------------------------


def show(found: Dyad, most: int | None) -> None:
    """A dyad as tables: the directions with their sparklines, the changes with their events, the periods."""
    from comity.cli import output
    from comity.relations.naming import name_of

    output.say(f"{name_of(found.a)} and {name_of(found.b)}, by {found.by}", style="bold")
    output.say(found.choice, style="dim")
    output.say(f"Reports of {found.panel.words}. {found.correction[:1].upper()}{found.correction[1:]}.", style="dim")
    output.say(found.index, style="dim")
    for note in found.notes:
        output.say(output.text(note, "yellow"))
    output.say("")
    output.say(_directions((*found.series, *found.compared), found))
    _say_corrected(found)
    _say_changes(found)
    output.say(_periods(found, most))
    if any(point.sparse and point.events for point in found.series[2].points):
        output.say("° few events: read with care. Left out: periods of which nothing was read.", style="dim")


def figure(one: Figure, form: str = ".2f", *, bare: bool = False) -> str:
    """A number with its interval: 0.92 [0.82, 1.00]; without it where it shall be `bare`."""
    if one.value is None:
        return "–"
    made = f"{one.value:{form}}"
    return made if one.interval is None or bare else f"{made} [{one.interval.low:{form}}, {one.interval.high:{form}}]"


def number(value: float) -> str:
    """A count that may be a sum of shares: 12 or 12.5."""
    return f"{value:,.0f}" if abs(value - round(value)) < 0.05 else f"{value:,.1f}"


def sparkline(values: list[float | None], low: float | None = None, high: float | None = None) -> str:
    """Values as letters of rising height, a blank where there is none; long series by means of neighbours.

    >>> sparkline([0, 1, None, 7], 0, 7)
    '▁▂ █'
    """
    if len(values) > SPARK:
        step = -(-len(values) // SPARK)
        groups = [values[n : n + step] for n in range(0, len(values), step)]
        values = [
            None if not (known := [v for v in one if v is not None]) else sum(known) / len(known) for one in groups
        ]
    known = [value for value in values if value is not None]
    if not known:
        return ""
    low = min(known) if low is None else low
    high = max(known) if high is None else high
    wide = (high - low) or 1.0
    last = len(BLOCKS) - 1
    return "".join(
        " " if value is None else BLOCKS[max(0, min(last, round((value - low) / wide * last)))] for value in values
    )


def _directions(series: tuple[Series, ...], found: Dyad) -> Table:
    from comity.cli import output
    from comity.cli.rows import TABLE_WIDTH, paragraphs

    means = [point.intensity.value for one in series for point in one.points if point.intensity.value is not None]
    low, high = min(means, default=0.0), max(means, default=1.0)
    if output.console().width < TABLE_WIDTH:
        made = paragraphs(1)
        for one in series:
            told = output.text(
                f"{number(one.whole.events)} events; share of cooperation {figure(one.whole.share)}; mean intensity "
                f"{figure(one.whole.intensity)}; rate {figure(one.whole.rate, '.1f')}"
            )
            line = sparkline([point.intensity.value for point in one.points], low, high)
            made.add_row(output.text(one.direction, "bold"), told.append("\n" + line))
        return made
    made = output.table(
        ("", {"no_wrap": True}), ("events", {"justify": "right"}), ("share of cooperation", {"no_wrap": True}),
        ("mean intensity", {"no_wrap": True}), ("rate", {"no_wrap": True}),
        (f"intensity by {found.by}, {low:+.1f} to {high:+.1f}" if means else "intensity", {"no_wrap": True}),
    )  # fmt: skip
    for n, one in enumerate(series):
        if n == 3:
            made.add_section()
        made.add_row(
            output.text(one.direction, "bold"), number(one.whole.events), figure(one.whole.share),
            figure(one.whole.intensity), figure(one.whole.rate, ".1f"),
            sparkline([point.intensity.value for point in one.points], low, high),
        )  # fmt: skip
    read = [float(one.reports) if one.reports else None for one in found.coverage]
    made.add_section()
    made.add_row(
        output.text("read", "dim"), f"{sum(one.reports for one in found.coverage):,}", "", "", "", sparkline(read, 0.0)
    )
    return made


def _say_corrected(found: Dyad) -> None:
    from comity.cli import output

    if found.series[0].corrected is None:
        return
    made = output.table(
        "corrected for errors of coding", ("events", {"justify": "right"}), "share of cooperation", "mean intensity",
        ("reviewed", {"justify": "right"}),
    )  # fmt: skip
    for one in found.series:
        figures = one.corrected
        if figures is not None:
            made.add_row(
                output.text(one.direction, "bold"), figure(figures.events, ".0f"), figure(figures.share),
                figure(figures.intensity), str(figures.reviewed),
            )  # fmt: skip
    output.say(made)


def _say_changes(found: Dyad) -> None:
    from comity.cli import output, rows

    for one in (*found.series, *found.compared):
        for shift in one.changes:
            room = "" if shift.earliest == shift.latest else f" ({shift.earliest} to {shift.latest})"
            output.say(
                output.text(
                    f"{one.direction}, {shift.period}{room}: {shift.before:+.1f} to {shift.after:+.1f}, "
                    f"a change of {figure(shift.difference, '+.1f')}",
                    "bold",
                )
            )
            for event in shift.events:
                line = output.plain("  ").append_text(rows.day(event)).append(" ").append_text(rows.parties(event))
                line.append(f" {event['type']} ").append_text(
                    output.text("“" + output.cut(event["words"], 110) + "”" if event["words"] else event["id"], "dim")
                )
                line.append(f" {event['id'][:8]}" if event["words"] else "", style="dim")
                output.say(line)
            output.say("")


def _periods(found: Dyad, most: int | None) -> Table:
    from comity.cli import output
    from comity.cli.rows import TABLE_WIDTH

    narrow = output.console().width < TABLE_WIDTH
    cells = [n for n, one in enumerate(found.coverage) if one.reports]
    made = output.table(
        found.by, ("read", {"justify": "right"}), ("events", {"justify": "right"}),
        *((heading, {"justify": "right"}) for heading in HEADINGS),
        "coop. share" if narrow else "share of cooperation", "mean intensity", *(["sum"] if found.series[2].whole.sum else []),
    )  # fmt: skip
    if narrow:  # no room for intervals
        made.padding = (0, 0)
    for n in cells[-most:] if most else cells:
        point = found.series[2].points[n]
        style = "dim" if point.sparse else ""
        row = [
            point.period, f"{point.reports:,}", number(point.events) + ("°" if point.sparse and point.events else ""),
            *(number(value) if value else "" for value in point.quads.values()), figure(point.share, bare=narrow),
            figure(point.intensity, bare=narrow), *([figure(point.sum, ".1f", bare=narrow)] if point.sum else []),
        ]  # fmt: skip
        made.add_row(*(output.text(cell, style) for cell in row))
    if most and len(cells) > most:
        made.caption = f"The last {most} of {len(cells)} periods; --limit 0 shows all."
    return made


def show_summed(found: SummedDyad) -> None:
    """A pair's sums: their sparkline, their changes, the periods."""
    from comity.cli import output
    from comity.relations.naming import name_of

    output.say(f"{name_of(found.a)} and {name_of(found.b)}, by {found.by}", style="bold")
    output.say(found.index, style="dim")
    for note in found.notes:
        output.say(output.text(note, "yellow"))
    known = [point for point in found.points if point.sum is not None]
    output.say(f"\n{known[0].period} {sparkline([point.level for point in found.points])} {known[-1].period}\n")
    if not found.changes:
        output.say("No change of level.")
        return
    made = output.table("change", "between", ("per day before", {"justify": "right"}), ("after", {"justify": "right"}))
    for one in found.changes:
        room = "" if one.earliest == one.latest else f"{one.earliest} and {one.latest}"
        made.add_row(output.text(one.period, "bold"), room, f"{one.before:,.1f}", f"{one.after:,.1f}")
    output.say(made)
