"""Where: names of places to entries of an embedded gazetteer, and the place of each event."""

from comity.places.event import dateline_place, event_place
from comity.places.find import find_places

__all__ = ["dateline_place", "event_place", "find_places"]
