"""Grouping that does not depend on the order of arrival: every item follows a leader or is one.

Items have a rank (a total order on their contents) and partners (a symmetric decision on each pair's contents). In the
order of rank, an item that has no leader among its partners of higher rank leads; any other follows the one of these
leaders that suits it best. This is the lexicographically first maximal independent set of the graph of partners, with
its stars: correlation clustering by pivots (Ailon, Charikar and Newman 2008), where the order is one of contents.

- *Order-independent.* By induction over the rank, who leads and who follows whom is settled by the items alone: the
  first item leads; if all items of higher rank are settled, so is the next. No trace of arrival is in it.
- *No chains.* Members are partners of their leader, not of one another's partners: a story that drifts for a year, or
  a war with a battle each day, does not flow together.
- *Local.* An item's state depends only on its partners of higher rank. `settle` therefore looks at the touched items
  and goes on only where an item began or ceased to lead. When items arrive in an order independent of their rank, one
  item in expectation changes its state for each arrival (Censor-Hillel, Haramaty and Karnin 2016).
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from typing import Any, TypeVar

Item = TypeVar("Item")
Partners = Callable[[Sequence[Item]], Mapping[Item, Mapping[Item, float]]]
"""Gives, for each of some items, its partners and how well each suits (the same both ways)."""


def settle(
    touched: Iterable[Item],
    rank: Mapping[Item, Any],
    leader: MutableMapping[Item, Item],
    partners: Partners[Item],
) -> set[Item]:
    """Bring `leader` up to date after the `touched` items were added or have lost their leader; the changed items.

    `rank`: lower is higher. `leader`: who follows whom, as it stood; leaders follow themselves; items that are gone are
    not in it. `partners` may extend `rank` and `leader` by the partners that it finds.
    """
    waiting = set(touched)
    queue = [(rank[item], item) for item in waiting]
    heapq.heapify(queue)
    near: dict[Item, Mapping[Item, float]] = {}
    changed: set[Item] = set()
    while queue:
        own, item = heapq.heappop(queue)
        if item not in waiting:
            continue
        if item not in near:
            near.update(partners([other for other in waiting if other not in near]))
        waiting.discard(item)
        best = item
        suits: tuple[float, Any] | None = None
        for other, margin in near[item].items():
            leads = leader.get(other) == other and rank[other] < own
            if leads and (suits is None or (-margin, rank[other]) < suits):
                best, suits = other, (-margin, rank[other])
        before = leader.get(item)
        if best == before:
            continue
        leader[item] = best
        changed.add(item)
        if (before == item) != (best == item):
            for other in near[item]:
                if rank[other] > own and other not in waiting:
                    waiting.add(other)
                    heapq.heappush(queue, (rank[other], other))
    return changed


def group(rank: Mapping[Item, Any], partners: Partners[Item]) -> dict[Item, Item]:
    """The leader of every item of a whole collection."""
    leader: dict[Item, Item] = {}
    settle(rank, rank, leader, partners)
    return leader
