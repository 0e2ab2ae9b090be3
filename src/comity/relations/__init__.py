"""What the record says about how states stand to one another: series, contacts, networks, polarity, words."""

from comity.relations.aggregated import Sums, read_sums
from comity.relations.audit import Audit, draw_audit, read_audit, share_right, strata_of, write_audit
from comity.relations.brief import Brief, brief, write_brief
from comity.relations.briefing import summary
from comity.relations.choice import Choice, choose, restate
from comity.relations.contacts import Contacts, contacts
from comity.relations.errors import BadChoice, BadFile, ExtraMissing, RelationsError
from comity.relations.series import Dyad, dyad
from comity.relations.summed import SummedDyad, dyad_of_sums
from comity.relations.told import counted, need_party, resolve

__all__ = [
    "Audit",
    "BadChoice",
    "BadFile",
    "Brief",
    "Choice",
    "Contacts",
    "Dyad",
    "ExtraMissing",
    "RelationsError",
    "SummedDyad",
    "Sums",
    "brief",
    "choose",
    "contacts",
    "counted",
    "draw_audit",
    "dyad",
    "dyad_of_sums",
    "need_party",
    "read_audit",
    "read_sums",
    "resolve",
    "restate",
    "share_right",
    "strata_of",
    "summary",
    "write_audit",
    "write_brief",
]
