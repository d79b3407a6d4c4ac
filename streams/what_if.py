"""How would what people hear change under another policy?  Two replays of one stretch, side by side."""

from collections import Counter
from datetime import datetime
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table

from schemas.terms import Role
from streams.proportions import Group
from streams.volume import People, Stretch, Volume

SHOWN = 20
ROLES: tuple[Role, ...] = ("learner", "mentor", "operator")


class WhatIf(NamedTuple):
    old: str  # the policies' versions
    new: str
    stretch: Stretch
    people: People
    now: Volume
    then: Volume
    known_until: datetime  # the end of the history: what came after is not known
    operators: int

    def weeks(self, role: Role) -> float:
        if role == "operator":
            return self.operators * self.stretch.weeks(self.stretch.since, None)
        return self.people.weeks(role, self.stretch)

    def changes(self) -> list[tuple[int, Role, str]]:
        """Nudges more (or fewer, below 0) by recipient, the greatest change first; who hears as much is left out."""
        both = {*self.now.nudges, *self.then.nudges}
        found = [(self.then.nudges[who] - self.now.nudges[who], *who) for who in both]
        return sorted((each for each in found if each[0]), key=lambda each: (-abs(each[0]), each))

    def heard(self) -> list[dict[str, Any]]:
        """By kind and role: pieces a person-week under each policy, and how often a withdrawal followed."""
        found = []
        for kind, role in sorted({*self.now.pieces, *self.then.pieces}):
            weeks = self.weeks(role)
            line: dict[str, Any] = {"kind": kind, "role": role}
            for name, volume in (("now", self.now), ("then", self.then)):
                count = volume.pieces[kind, role]
                line |= {
                    f"pieces_{name}": count,
                    f"a_week_{name}": round(count / weeks, 4) if weeks else None,
                }
                group = volume.foreseen(kind, role, self.people, self.known_until)
                line |= {f"known_{name}": group.people, f"withdrew_{name}": group.did}
            found.append(line)
        return found

    def unsaid(self) -> list[dict[str, Any]]:
        return [
            {"kind": kind, "role": role, "reason": reason, "now": self.now.unsaid[kind, role, reason],
             "then": self.then.unsaid[kind, role, reason]}
            for kind, role, reason in sorted({*self.now.unsaid, *self.then.unsaid})
        ]  # fmt: skip

    def roles(self) -> list[dict[str, Any]]:
        more = Counter(role for by, role, _ in self.changes() if by > 0)
        less = Counter(role for by, role, _ in self.changes() if by < 0)
        found = []
        for role in ROLES:
            nudges = [
                sum(n for (of, _), n in each.nudges.items() if of == role) for each in (self.now, self.then)
            ]
            weeks = self.weeks(role)
            found.append(
                {"role": role, "person_weeks": round(weeks, 1), "nudges_now": nudges[0], "nudges_then": nudges[1],
                 "a_week_now": round(nudges[0] / weeks, 4) if weeks else None,
                 "a_week_then": round(nudges[1] / weeks, 4) if weeks else None,
                 "hear_more": more[role], "hear_less": less[role]}
            )  # fmt: skip
        return found

    def as_json(self) -> dict[str, Any]:
        return {
            "now": self.old, "then": self.new, "from": self.stretch.since.isoformat(),
            "until": self.stretch.until.isoformat(), "roles": self.roles(), "heard": self.heard(),
            "unsaid": self.unsaid(),
            "people": [{"person": who, "role": role, "by": by} for by, role, who in self.changes()],
        }  # fmt: skip

    def show(self, console: Console) -> None:
        title = f"Nudges from {self.stretch.since:%Y-%m-%d} until {self.stretch.until:%Y-%m-%d}"
        now, then = f"under {self.old}", f"under {self.new}"
        table = Table("to", "person-weeks", f"a week {now}", then, "hear more", "hear less", title=title)
        for line in self.roles():
            table.add_row(
                line["role"], f"{line['person_weeks']:,}", _rate(line["a_week_now"]), _rate(line["a_week_then"]),
                str(line["hear_more"]), str(line["hear_less"]),
            )  # fmt: skip
        console.print(table)
        table = Table(
            "kind", "to", f"pieces a week {now}", then, f"left within 28 days {now}", then, title="By kind"
        )
        for line in self.heard():
            table.add_row(
                line["kind"].replace("_", " "), line["role"], _rate(line["a_week_now"]), _rate(line["a_week_then"]),
                _share(Group(line["known_now"], line["withdrew_now"])),
                _share(Group(line["known_then"], line["withdrew_then"])),
            )  # fmt: skip
        console.print(table)
        table = Table("kind", "to", "why not, or later", now, then, title="Held and unsaid, where it differs")
        for line in self.unsaid():
            if line["now"] != line["then"]:
                table.add_row(*(str(line[name]) for name in ("kind", "role", "reason", "now", "then")))
        console.print(table)
        changes = self.changes()
        table = Table("who", "to", "nudges more", title="Who hears more or less")
        for by, role, who in changes[:SHOWN]:
            table.add_row(who, role, f"{by:+d}")
        console.print(table)
        if len(changes) > SHOWN:
            console.print(f"and {len(changes) - SHOWN} more: --json lists them all", highlight=False)


def _rate(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _share(group: Group) -> str:
    return "not known" if not group.people else f"{100 * group.share:.0f} % of {group.people}"
