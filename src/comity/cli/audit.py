"""`comity audit`: a sample of records for people to check, and what it says."""

from __future__ import annotations

from typing import Any

import click

from comity.cli import choosing, options


@click.command()
@click.argument("pair", metavar="[A B]", nargs=-1)
@click.option(
    "--size", metavar="N", type=click.IntRange(min=2), default=200, show_default=True, help="Records to review."
)
@click.option("--seed", metavar="NUMBER", type=int, help="Another sample of the same ledger.")
@click.option("--output", "-o", "file", metavar="FILE", help="Where the sample is written, as CSV.")
@click.option("--read", "reviewed", metavar="FILE", help="Say what a reviewed sample shows, instead.")
@choosing.choice
@options.ledger
@options.as_json
def audit(
    pair: tuple[str, ...], size: int, seed: int | None, file: str | None, reviewed: str | None, ledger: str,
    data: str | None, as_json: bool, **given: Any,
) -> None:  # fmt: skip
    """Draw a stratified sample of records for review, of two parties or of all.

    Fill in the column `verdict` (right or wrong) of FILE, and true_type, true_mode, true_source, true_target where it
    is right but for these; or judge the same records with `comity review`. Then `comity dyad --audit FILE` gives
    figures corrected for errors of coding, with their intervals.

    \b
    Examples:
      comity audit CHN RUS --size 100 -o chn-rus-audit.csv
      comity audit --read chn-rus-audit.csv
      comity dyad CHN RUS --audit chn-rus-audit.csv
    """  # fmt: skip
    from comity.cli import output

    choice = choosing.chosen(given)
    if reviewed is not None:
        _read(reviewed, ledger, data, as_json)
        return
    if len(pair) not in (0, 2):
        raise click.UsageError(
            "an audit is of two parties (comity audit CHN RUS -o FILE), or of all (comity audit -o FILE)"
        )
    if file is None:
        raise click.UsageError("say where the sample goes: -o FILE")
    from comity import relations
    from comity.relations.resampling import SEED

    a, b = [relations.need_party(code) for code in pair] or (None, None)
    with options.open_ledger(ledger, data) as opened:
        drawn = relations.draw_audit(opened, a, b, size=size, choice=choice, seed=SEED if seed is None else seed)
    relations.write_audit(file, drawn)
    if as_json:
        output.print_json(drawn)
        return
    population = sum({one.stratum: one.population for one in drawn}.values())
    output.say(f"{len(drawn):,} of {population:,} records drawn into {file}.", style="bold")
    output.say("Fill in verdict (right or wrong); then: comity audit --read " + file)


def _read(file: str, ledger: str, data: str | None, as_json: bool) -> None:
    from comity import relations
    from comity.cli import output
    from comity.cli.dyad import figure

    with options.open_ledger(ledger, data) as opened:
        audit = relations.read_audit(file, opened)
    strata = relations.strata_of(audit)
    whole = bool(audit.reviewed) and all(one.reviewed >= min(2, one.population) for one in strata)
    right = relations.share_right(audit) if whole else None
    exact = relations.share_right(audit, exact=True) if whole else None
    if as_json:
        output.print_json({"strata": strata, "right": right, "exact": exact, "reviewed": len(audit.reviewed)})
        return
    output.say(relations.restate(audit.choice), style="dim")
    made = output.table(
        "stratum", *((name, {"justify": "right"}) for name in ("records", "reviewed", "right", "right in all points"))
    )
    for one in strata:
        made.add_row(output.text(one.name), f"{one.population:,}", str(one.reviewed), str(one.right), str(one.as_coded))
    output.say(made)
    if right is None or exact is None:
        output.say(f"{len(audit.reviewed)} of {len(audit.drawn)} reviewed; each stratum needs two for figures.")
    else:
        output.say(f"Right: {figure(right)} of all records; right in all points: {figure(exact)}.", style="bold")
