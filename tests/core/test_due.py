"""Which queues a pass down the river stops at."""

from collections.abc import Sequence

from quartermaster.core.river import worker
from quartermaster.core.river.queues import Deliveries, Item

from .test_river import LISTENER, Ears, Endless, ears, ring

__all__ = ["ears"]


def test_listeners_with_nothing_to_hear_are_passed_over_and_one_that_is_told_on_the_way_is_not(
    ears: Ears,
) -> None:
    class Caller(Endless):
        def work(self, items: Sequence[Item]) -> None:
            ring((f"b{self.done}", 1))
            self.done += 1

    caller, silent = Caller(), Deliveries("test.nobody", lambda batch: None, {})
    worker.queues[:] = [silent, caller, ears.queue]

    assert [queue.name for queue in worker.due()] == [caller.name]
    passed = []
    for queue in worker.due():
        passed.append(queue.name)
        worker.step(queue)
    assert passed == [caller.name, LISTENER]
    assert ears.heard == [("bell:b0", 1)]
