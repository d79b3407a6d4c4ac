"""The fairness report tells of groups, tells of no person, and decides nothing."""

import ast
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

import matching
from matching.rows import AuditRow
from schemas.policy import FairnessPolicy
from schemas.rounds import GroupShare, RoundReported
from tests.matching.people import POOL, Pool, enrolled, joined, pool_policy, profiled, withdrew
from tests.memory import only

GROUPS = ("first", "other", "third")


def policy(least: int = 5, groups: tuple[str, ...] = GROUPS):
    return pool_policy().model_copy(update={"fairness": FairnessPolicy(groups=groups, least=least)})


def people(groups: list[str], hours: float = 0, first: int = 0) -> list:
    return [
        fact
        for number, group in enumerate(groups, first)
        for fact in (profiled(f"l{number:02}", hours, audit_group=group), enrolled(f"l{number:02}", hours))
    ]


def reported(pool: Pool, *facts) -> RoundReported:
    return only(pool.after(*facts), RoundReported)[-1]


def test_each_group_is_told_with_coverage_wait_and_cost_in_coarse_steps():
    pool = Pool(policy())
    pool.after(*people(["first"] * 12), *people(["other"] * 11, 24, first=12))
    told = reported(pool, joined("m", 48, capacity_minutes=60 * 15))
    assert told.fairness == (
        GroupShare(
            group="first", learners=10, matched_permille=1000, wait_p50_minutes=48 * 60, cost_mean=790
        ),
        GroupShare(group="other", learners=10, matched_permille=250, wait_p50_minutes=24 * 60, cost_mean=790),
    )
    assert told.groups_withheld == 0


def test_a_small_group_is_withheld_and_so_is_the_one_that_would_give_it_away():
    three = ["first"] * 20 + ["other"] * 12 + ["third"] * 3
    told = reported(Pool(policy(least=10)), *people(three))
    assert [share.group for share in told.fairness] == ["first"]
    assert told.groups_withheld == 2


def test_several_small_groups_that_hide_each_other_cost_no_large_one():
    told = reported(Pool(policy(least=10)), *people(["first"] * 20 + ["other"] * 6 + ["third"] * 6))
    assert [share.group for share in told.fairness] == ["first"]
    assert told.groups_withheld == 2


def test_without_named_groups_none_is_kept_or_told():
    pool = Pool()
    assert reported(pool, *people(["first"] * 20)).fairness == ()
    assert list(pool.rows.scan(AuditRow, POOL)) == []


def test_a_group_nobody_named_is_not_kept():
    pool = Pool(policy(groups=("first",)))
    pool.tell(*people(["secret"]))
    assert "secret" not in str(pool.rows.stored)


def test_the_later_word_on_a_group_wins_whatever_comes_first():
    pool = Pool(policy())
    pool.tell(profiled("a", 2, audit_group="other"), profiled("a", 1, audit_group="first"))
    row = pool.rows.find(AuditRow, POOL, "a")
    assert row is not None
    assert row.group == "other"


def test_who_left_and_who_did_not_consent_is_not_counted():
    pool = Pool(policy())
    pool.after(*people(["first"] * 20))
    gone = [withdrew(f"l{number:02}", 1) for number in range(8)]
    refused = [enrolled(f"l{number:02}", 1, matching_consent=False) for number in range(8, 10)]
    assert [share.learners for share in reported(pool, *gone, *refused).fairness] == [10]


@given(
    st.permutations(["first"] * 6 + ["other"] * 6),
    st.lists(st.sampled_from(GROUPS), min_size=12, max_size=12),
)
@settings(max_examples=25)
def test_other_groups_give_the_very_same_facts_but_for_the_report(groups, shuffled):
    def told(of: list[str]) -> list:
        pool = Pool(policy())
        said = pool.after(*people(of), joined("m", 1, guides=("career",)), joined("n", 2))
        said += pool.after(withdrew("l03", 3))
        return [
            fact.model_copy(update={"fairness": (), "groups_withheld": 0})
            if isinstance(fact, RoundReported)
            else fact
            for fact in said
        ]

    assert _without_causes(told(groups)) == _without_causes(told(shuffled))


def _without_causes(said: list) -> list:
    """Facts' ids come from their causes' ids, and a builder's fact has its id from its fields."""
    return [fact.model_dump(exclude={"id", "cause"}) for fact in said]


def test_only_the_fairness_report_reads_what_group_somebody_is_of():
    folder = Path(matching.__file__).parent
    for path in sorted(folder.rglob("*.py")):
        names = {
            getattr(node, "id", None) or getattr(node, "attr", None) or getattr(node, "name", None)
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        }
        if path.name == "fairness.py":
            assert {"AuditRow", "audit_group"} <= names
        elif path.name not in ("rows.py", "pool.py", "erasing.py"):  # where it is made, named and forgotten
            assert names.isdisjoint({"AuditRow", "audit_group"}), path.name
