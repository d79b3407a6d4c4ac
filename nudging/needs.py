"""When does a learner's need change?  On the crossing of a line of risk, and not so often that it flickers.

The pool hears the highest of the learner's open courses.  A match never feeds risk, so the two cannot chase each other.
"""

from datetime import timedelta

from nudging.pulse_rows import Need, PulseRow
from nudging.risk import Risk, risk_of
from nudging.settled import Settled
from nudging.sight import Sight
from schemas.learners import NeedsChanged
from schemas.policy import Policy
from schemas.risk_policy import RiskPolicy
from schemas.rows import changed
from schemas.terms import Band

BANDS: tuple[Band, ...] = ("low", "raised", "high", "urgent")


def tell_needs(sight: Sight, out: Settled) -> None:
    """Says each pool's change of need; a need of the lowest band that was never told is none.

    Where no course is left to be at risk in, or risk is off now, a need that was told is taken back: the pool would
    count its minutes for ever, and of a learner who returns again.
    """
    policy, pulse, now = out.moment.policy, out.pulse, out.moment.now
    if not policy.risk.on and not pulse.needs:
        return
    risks: dict[str, tuple[Risk, str]] = {}
    resting = set[str]()  # pools of courses on a declared break: nothing is told, and what was told stays
    for name, course in pulse.courses.items() if policy.risk.on else ():
        if course.active and course.programme and course.on_break(now):
            resting.add(policy.pool_of(course.programme))
            continue
        risk = risk_of(sight, name, policy.risk)
        if risk is not None and course.programme:
            pool = policy.pool_of(course.programme)
            if pool not in risks or risk.permille > risks[pool][0].permille:
                risks[pool] = risk, course.programme
    needs = dict(pulse.needs or {})
    for pool, (risk, programme) in risks.items():
        known = needs.get(pool)
        band = band_of(risk.permille, known.band if known is not None else "low", policy.risk)
        if band == (known.band if known is not None else "low"):
            continue
        soon = known is not None and now - known.at < timedelta(days=policy.risk.least_days)
        if soon and band != "urgent":
            continue
        needs[pool] = Need(band=band, at=now)
        signals = tuple(sorted({episode.partition("/")[0] for episode in pulse.episodes}))
        out.said.append(
            out.moment.fact(
                NeedsChanged, f"{pool}/{out.person}", pool=pool, programme=programme, learner=out.person, band=band,
                risk_permille=risk.permille, signals=signals,
            )
        )  # fmt: skip
    for pool in [pool for pool in needs if pool not in risks and pool not in resting]:
        if needs.pop(pool).band != BANDS[0]:
            out.said.append(
                out.moment.fact(
                    NeedsChanged, f"{pool}/{out.person}", pool=pool, programme=_programme(pulse, pool, policy),
                    learner=out.person, band=BANDS[0],
                )
            )  # fmt: skip
    if needs != (pulse.needs or {}):
        out.pulse = changed(pulse, needs=needs or None)


def _programme(pulse: PulseRow, pool: str, policy: Policy) -> str:
    names = (course.programme for course in pulse.courses.values() if course.programme)
    return min((name for name in names if policy.pool_of(name) == pool), default="")


def band_of(permille: int, before: Band, policy: RiskPolicy) -> Band:
    """A line is crossed upwards at once, and downwards only when risk has fallen well below it."""
    lines = (policy.raised_permille, policy.high_permille, policy.urgent_permille)
    up = sum(permille >= line for line in lines)
    down = sum(permille >= line - policy.falls_permille for line in lines)
    at = BANDS.index(before)
    return BANDS[up if up > at else min(at, down)]
