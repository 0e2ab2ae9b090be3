"""What makes a coding, by name and digest: the same versions and the same report give the same record."""

from __future__ import annotations

import re
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from comity import __version__
from comity.records import content_hash

if TYPE_CHECKING:
    from comity.actors.matching import Names

PAIRS = "pairs_"
"""How the models of marked pairs begin (`comity classify`): coding does not use them, and their digest is not named."""

_NAMED = re.compile(r"([a-z]+) ([^,()]+)")


class Versions(NamedTuple):
    """Names of coder and codebook, and digests of all data that a coding depends on."""

    coder: str
    """The program: ``comity 0.1.0``."""
    codebook: str
    """The codebook's own name of its version."""
    codes: str
    """Digest of the codebook's tables."""
    tables: str
    """Digest of the compiled actor tables, with ``+`` and that of a user's own actors."""
    gazetteer: str
    lexicon: str
    """Digest of the patterns of events."""
    weights: str
    """Digest of the models of events."""
    model: str
    """The language model: name, version, digest of its files."""

    def made_by(self) -> str:
        """All of it but the codebook's name on one line: what a `Coding` says in its field ``coder``."""
        parts = ", ".join(f"{name} {getattr(self, name)}" for name in PARTS)
        return f"{self.coder} ({parts})"


PARTS = ("codes", "tables", "gazetteer", "lexicon", "weights", "model")
"""The parts of ``Coding.coder`` behind the program's name."""


def coder_parts(coder: str) -> dict[str, str]:
    """The parts of a coding's field ``coder`` by name; the program's stands under ``program``.

    >>> coder_parts("comity 0.1.0 (tables 75bf, model en 3.8.0 1f2e)")
    {'program': 'comity 0.1.0', 'tables': '75bf', 'model': 'en 3.8.0 1f2e'}
    """
    program, _, rest = coder.partition(" (")
    return {"program": program} | dict(_NAMED.findall(rest))


def differing(old: str, new: str) -> dict[str, tuple[str | None, str | None]]:
    """The parts in which two values of ``Coding.coder`` differ, with both.

    >>> differing("comity 0.1.0 (tables 75bf, weights 1f2e)", "comity 0.1.0 (tables 75bf, weights 33aa)")
    {'weights': ('1f2e', '33aa')}
    """
    before, after = coder_parts(old), coder_parts(new)
    names = [name for name in ("program", *PARTS) if name in before or name in after]
    return {name: (before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)}


def versions(model: str | None = None, codebook: str | Path | None = None, names: Names | None = None) -> Versions:
    """The versions that a `Coder` with these arguments codes by; reads files, loads no model. `names`: the actors in
    use; default: those of the environment.

    Raises `comity.language.model.ModelMissing`, `comity.codebook.CodebookError`, `comity.actors.tables.TablesMissing`,
    `comity.actors.overlay.ActorsError`.
    """
    from comity.actors import names as names_in_use
    from comity.codebook import codebook as read_codebook
    from comity.language.model import identity
    from comity.places import gazetteer

    return Versions(
        coder=f"comity {__version__}",
        codebook=read_codebook(codebook).version,
        codes=codes_digest(codebook),
        tables=(names or names_in_use()).tables.version,
        gazetteer=gazetteer.load().version,
        lexicon=lexicon_digest(codebook),
        weights=weights_digest(),
        model=identity(model),
    )


def codes_digest(codebook: str | Path | None = None) -> str:
    """Digest of the tables of the codebook that comes with Comity, and of a user's own."""
    own = Path(codebook) if codebook is not None else None
    if own is not None and (own / "codebook").is_dir():
        own = own / "codebook"
    return _digest(files("comity.codebook").joinpath("data"), own)


def lexicon_digest(codebook: str | Path | None = None) -> str:
    """Digest of the lexicon that comes with Comity, and of the one beside a user's own codebook."""
    own = Path(codebook) / "lexicon" if codebook is not None else None
    return _digest(files("comity.events").joinpath("lexicon"), own)


def weights_digest() -> str:
    """Digest of the models of events."""
    return _digest(files("comity.events").joinpath("weights"), but=PAIRS)


def _digest(folder: Traversable, own: Path | None = None, *, but: str | None = None) -> str:
    """Digest of the tables of a folder, and of a user's own beside them; without those that begin with `but`."""
    parts: list[str] = []
    for place in (folder, own):
        if place is not None and place.is_dir():
            tables = sorted((one for one in place.iterdir() if one.name.endswith(".tsv")), key=lambda one: one.name)
            for table in tables:
                if but is None or not table.name.startswith(but):
                    parts += [table.name, table.read_text("utf-8")]
    return content_hash(*parts)
