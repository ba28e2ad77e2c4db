"""Faults of a simulator that happen once, or from some time on.

Belongs here: when a fault happens. Does not belong here: what one vendor does wrong (test_<type>_faults.py).
"""

from __future__ import annotations

from collections.abc import Callable

from demo.simulators.server import Answer, Asked, Fault


def once(answer: Answer | Fault, when: Callable[[Asked], bool] = lambda _: True) -> Fault:
    """Another answer to the first request that is meant."""
    done: list[bool] = []

    def fault(asked: Asked, given: Answer) -> Answer:
        if done or not when(asked):
            return given
        done.append(True)
        return answer if isinstance(answer, Answer) else answer(asked, given)

    return fault


def always(answer: Answer, when: Callable[[Asked], bool] = lambda _: True) -> Fault:
    """Another answer to every request that is meant."""
    return lambda asked, given: answer if when(asked) else given
