"""Who: names to actors with the office they held on that day; coreference inside a report."""

from comity.actors.cast import Cast, resolve
from comity.actors.figures import Figure, Ref, to_party, to_speaker
from comity.actors.matching import Names, names

__all__ = ["Cast", "Figure", "Names", "Ref", "names", "resolve", "to_party", "to_speaker"]
