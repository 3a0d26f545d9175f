"""Accounts that belong together: what they share, how telling it is, and the groups it makes.

`policy` holds what each kind of evidence weighs, `normal` the forms in which
values are compared, `traits` takes them from the registry, `links` joins those
who share one, `bounds` leaves out what would join too many,
and `groups` draws the groups, with what people cut or accepted.
"""

from sluicegate.screening.linkage.bounds import Aside, Pattern
from sluicegate.screening.linkage.groups import (
    Decision,
    Groups,
    Standing,
    Verdict,
    draw_groups,
    pair_of,
    standing_of,
)
from sluicegate.screening.linkage.links import (
    Bond,
    Common,
    Found,
    Link,
    Pair,
    evidence_digest,
    find_links,
)
from sluicegate.screening.linkage.policy import LinkKind, LinkPolicy, shipped_policy
from sluicegate.screening.linkage.traits import Evidence, Trait, roots_of, traits_of

__all__ = [
    "Aside",
    "Bond",
    "Common",
    "Decision",
    "Evidence",
    "Found",
    "Groups",
    "Link",
    "LinkKind",
    "LinkPolicy",
    "Pair",
    "Pattern",
    "Standing",
    "Trait",
    "Verdict",
    "draw_groups",
    "evidence_digest",
    "find_links",
    "pair_of",
    "roots_of",
    "shipped_policy",
    "standing_of",
    "traits_of",
]
