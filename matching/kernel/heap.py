"""Which mentor is nearest?  A binary heap that knows where each is, so that a nearer way moves it up in place.

No mentor is in it twice, so one place a mentor is room enough, whatever happens.
"""

from matching.compiled import compiled, wide
from matching.kernel.instance import Int32, Int64


@compiled
def rise(heap: Int32, place: Int32, distance: Int64, at: int, mentor: int) -> None:
    """Puts `mentor` at `at` or further up, where its parent is no farther."""
    far = distance[mentor]
    while at > 0:
        parent = heap[(at - 1) >> 1]
        if distance[parent] <= far:
            break
        heap[at] = parent
        place[parent] = at
        at = (at - 1) >> 1
    heap[at] = mentor
    place[mentor] = at


@compiled
def nearest(heap: Int32, place: Int32, distance: Int64, size: int) -> int:
    """Takes the root off a heap of `size`, and marks it settled."""
    found = wide(heap[0])
    place[found] = -1
    size -= 1
    if size == 0:
        return found
    mentor = heap[size]
    far = distance[mentor]
    at = 0
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        if child + 1 < size and distance[heap[child + 1]] < distance[heap[child]]:
            child += 1
        if distance[heap[child]] >= far:
            break
        heap[at] = heap[child]
        place[heap[at]] = at
        at = child
    heap[at] = mentor
    place[mentor] = at
    return found
