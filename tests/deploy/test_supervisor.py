"""What does the way a process ended mean for its next start?"""

import pytest

from streams.supervisor import Slot, code_slot, gateway_slot, role_slot
from streams.worker import REFUSED


@pytest.mark.parametrize(
    ("slot", "code", "over"),
    [
        (role_slot("pulses", 0), 0, False),  # by a signal that was not the supervisor's
        (gateway_slot(), 0, False),
        (code_slot(), 0, True),
        (role_slot("pulses", 0), 1, False),
        (role_slot("pulses", 0), -9, False),
        (role_slot("pulses", 0), REFUSED, True),
        (role_slot("pulses", 0), 2, True),
    ],
    ids=["ledger ended", "gateway ended", "code is made", "crash", "kill -9", "refused", "bad setting"],
)
def test_who_is_started_again(slot: Slot, code: int, over: bool) -> None:
    slot.ended(code, now=100.0)
    assert slot.over is over
    assert (slot.due > 100.0) is not over
