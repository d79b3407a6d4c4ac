"""Which mentors can this learner not have, and by which rule?

Each rule is named by the binding reason a learner is told.  What a person has not told rules nobody out.
"""

from collections.abc import Callable

from matching.views import Learner, Mentor, shared
from schemas.pool_policy import PoolPolicy
from schemas.terms import Binding

Rule = Callable[[Learner, Mentor, PoolPolicy], bool]


def blocked(learner: Learner, mentor: Mentor, policy: PoolPolicy) -> bool:
    """One avoids the other, the pair was blocked or not wanted before, or a conflict of the policy names both."""
    return (
        mentor.id in learner.avoids
        or learner.id in mentor.avoids
        or not learner.conflicts.isdisjoint(mentor.names)
    )


def other_courses(learner: Learner, mentor: Mentor, policy: PoolPolicy) -> bool:
    """Where the policy asks for it: the mentor named courses, and the learner is in none of them."""
    return policy.must_share_course and bool(mentor.courses) and mentor.courses.isdisjoint(learner.courses)


def no_shared_language(learner: Learner, mentor: Mentor, policy: PoolPolicy) -> bool:
    return not any(each in mentor.languages for each in learner.languages)


def no_skill(learner: Learner, mentor: Mentor, policy: PoolPolicy) -> bool:
    """Where the policy asks for it: both named skills, and none is the same."""
    if not (policy.must_share_skill and learner.skills and mentor.skills):
        return False
    return learner.skills.isdisjoint(mentor.skills)


def no_shared_hours(learner: Learner, mentor: Mentor, policy: PoolPolicy) -> bool:
    """Both named hours, and fewer than the least are free for both."""
    if not (learner.free and mentor.free):
        return False
    return shared(learner, mentor) < policy.least_shared_hours * 4


def no_capacity(learner: Learner, mentor: Mentor, policy: PoolPolicy) -> bool:
    return mentor.places < 1 or mentor.minutes < learner.effort


RULES: dict[Binding, Rule] = {
    "blocked": blocked,
    "no_capacity": no_capacity,
    "no_shared_language": no_shared_language,
    "no_eligible_mentor": other_courses,
    "no_skill": no_skill,
    "no_shared_hours": no_shared_hours,
}


def broken(learner: Learner, mentor: Mentor, policy: PoolPolicy) -> list[Binding]:
    """The name of every rule the pair breaks."""
    return [name for name, rule in RULES.items() if rule(learner, mentor, policy)]
