"""Which ledgers are there, and what does each fold?"""

from collections.abc import Mapping

from matching import pool
from matching.chains import answer
from matching.pool_rows import ReviewRow
from nudging import inbox, pulse
from streams.intake_role import IntakeRole
from streams.role import FactRole, Role
from streams.settings import Settings

NAMES = ("intake", "pools", "pulses", "inboxes")


def role_of(name: str, settings: Settings) -> Role:
    """The role by its name; the names are those of the topics table."""
    key = settings.id_key.get_secret_value().encode()
    core: Mapping[str, FactRole] = {
        "pools": FactRole("pools", pool.ROWS, pool.fold, {ReviewRow.KIND: answer}),
        "pulses": FactRole("pulses", pulse.ROWS, pulse.fold),
        "inboxes": FactRole("inboxes", inbox.ROWS, inbox.fold),
    }
    return IntakeRole(settings.partitions, settings.clock, key) if name == "intake" else core[name]
