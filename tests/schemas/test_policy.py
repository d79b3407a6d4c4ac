"""Operators are safe: the file holds every knob, and a bad one is named with what it may be."""

import os
import re
from pathlib import Path

import pytest

from schemas.inbox_policy import InboxPolicy
from schemas.policy import Operator, Policy
from streams.policy_file import PolicyFileError, beside, beside_file, load, parse, unheard, watch
from streams.policy_text import text

FILE = Path(__file__).parents[2] / "deploy" / "policy.toml"
OFFICE = FILE.with_name("demo.toml")


def test_the_shipped_file_holds_every_knob_and_changes_none() -> None:
    assert FILE.read_text(encoding="utf-8") == text(), "run `make policy`"
    assert load(FILE) == Policy()


def test_every_default_can_be_written_as_the_file_shows_it() -> None:
    knob = r"# ([a-z_]+ = .*)"
    lines = [line.removeprefix("# ") if re.fullmatch(knob, line) else line for line in text().splitlines()]
    assert parse("\n".join(line for line in lines if not line.startswith("for example")), "all") == Policy()


@pytest.mark.parametrize(
    ("toml", "sentence"),
    [
        ("[pool]\nsettle_sm = 3", "pool.settle_sm is no knob: mend its name or take it out"),
        ("[weights]\nskills = 3", "; is it pool.weights"),
        ("[pool]\nreview_hour = 3", "is it pool.review_hours?"),
        ("[pool]\nsettle_ms = -1", "pool.settle_ms: input should be greater than or equal to 0, not -1"),
        ("[pool.weights]\nload = 1001", "pool.weights.load: input should be less than or equal to 1000"),
        ('[pool]\nauto_confirm = "perhaps"', "pool.auto_confirm: input should be a valid boolean"),
        ('[pulse]\noff = ["L9", "L99"]', "pulse.off.1: input should be 'L1', 'L2'"),
        ("[pulse]\nsilence_mentor_days = 7", "each rung must come later than the one before"),
        (
            "[pulse]\nunanswered_operator_hours = 400",
            "pulse: unanswered_keep_days must be more than unanswered_operator_hours, and is 336 hours to its 400",
        ),
        (
            "[pool]\nauto_confirm = false\nanswer_hours = 48",
            "policy.toml: pool.answer_hours (48) must be more than pulse.accept_last_hours (48)",
        ),
        ("[programmes.x]\nauto_confrim = true", "programmes.x.auto_confrim is no knob"),
        (
            '[programmes.x]\nauto_confirm = "ask"',
            "programmes.x.auto_confirm: input should be a valid boolean",
        ),
        ('[pool]\nconflicts = [["a", "a"]]', "'a' cannot be in conflict with itself"),
        ('[pool]\nconflicts = [["a"]]', "pool.conflicts.0.1: field required"),
        ("[fairness]\nleast = 1", "fairness.least: input should be greater than or equal to 5"),
        ("[pool", "is not TOML"),
        ("a = " + "[" * 5000, "nested too deeply"),
        ("a = " + "9" * 5000, "a number is too long"),
    ],
    ids=[
        "typo",
        "table without its parent",
        "nearly a knob",
        "too low",
        "too high",
        "wrong type",
        "no signal",
        "ladder",
        "a rung beyond its end",
        "an answer before its reminder",
        "programme typo",
        "programme type",
        "conflict with itself",
        "no pair",
        "groups of one",
        "not TOML",
        "too deep",
        "too long",
    ],
)
def test_a_bad_knob_is_named(toml: str, sentence: str) -> None:
    with pytest.raises(PolicyFileError) as error:
        parse(toml, "policy.toml")
    assert sentence in str(error.value)


def test_a_programme_may_differ_from_its_pool() -> None:
    policy = parse("[pool]\nauto_confirm = true\n[programmes.nursing]\nauto_confirm = false", "policy.toml")
    assert not policy.confirms_at_once("nursing")
    assert policy.confirms_at_once("midwifery")


HOOK = 'name = "a", url = "https://hooks.example/", secret = "env:HOOK"'


@pytest.mark.parametrize(
    ("hooks", "sentence"),
    [
        (f"{{ {HOOK} }}, {{ {HOOK} }}", "webhooks: two are named 'a': give each a name of its own"),
        (f"{{ {HOOK.replace('https', 'ftp')} }}", "webhooks.0.url"),
        (f"{{ {HOOK.replace('hooks', 'ana:pass@hooks')} }}", "webhooks.0.url"),
        (f"{{ {HOOK.replace('env:HOOK', 'opensesame')} }}", "webhooks.0.secret: write env:NAME or file:PATH"),
        (f"{{ {HOOK}, programmes = [] }}", "webhooks.0.programmes"),
    ],
    ids=["named twice", "scheme", "password in the address", "the secret itself", "no programme"],
)
def test_a_webhook_that_cannot_be_taken_is_named_and_a_secret_is_never_shown(
    hooks: str, sentence: str
) -> None:
    assert len(parse(f"webhooks = [{{ {HOOK} }}]", "policy.toml").webhooks) == 1
    with pytest.raises(PolicyFileError) as error:
        parse(f"webhooks = [{hooks}]", "policy.toml")
    assert sentence in str(error.value)
    assert "opensesame" not in str(error.value)


def test_a_bad_file_stops_a_start(tmp_path: Path) -> None:
    with pytest.raises(PolicyFileError, match=r"cannot be read .No such file"):
        load(tmp_path / "none.toml")


def test_a_running_worker_keeps_the_last_good_policy_and_says_so_once(tmp_path: Path) -> None:
    path, said = tmp_path / "policy.toml", list[str]()

    def save(text: str, at: int) -> None:
        path.write_text(text)
        os.utime(path, (at, at))

    save('version = "one"', 1)
    policy = watch(path, said.append)
    assert policy.now().version == "one"

    save('version = "two"\nnonsense = 1', 2)
    assert policy.now().version == "one"
    assert policy.now().version == "one"
    save('version = "two"\nnonsense = 1', 3)
    assert policy.now().version == "one"
    assert len(said) == 1
    assert "nonsense is no knob" in said[0]
    assert said[0].endswith("the policy 'one' stays in force")

    save('version = "two"', 4)
    assert policy.now().version == "two"
    assert said[1:] == ["policy 'two' is in force"]

    save('version = "two"\n[inbox]\nlearner_a_day = 2', 5)
    assert said[2:] == []
    policy.now()
    assert "change `version`" in said[2]


@pytest.mark.parametrize(
    ("operators", "said"),
    [
        ((), "names no operator"),
        ((Operator(id="o:1", programmes=("law", "arts")), Operator(id="o:2", programmes=("law",))), "for arts, law alone"),
        ((Operator(id="o:1", programmes=("law",)), Operator(id="o:2")), ""),
    ],
    ids=["none", "for some", "for all"],
)  # fmt: skip
def test_whom_nobody_answers_for_is_said(operators: tuple[Operator, ...], said: str) -> None:
    told = unheard(Policy(operators=operators))
    assert said in told
    assert bool(said) == bool(told)


def test_the_demo_s_policy_names_somebody_and_changes_nothing_else() -> None:
    policy = load(OFFICE)
    assert unheard(policy) == ""
    assert policy.model_copy(update={"operators": (), "version": Policy().version}) == Policy()


def test_what_an_operator_should_know_before_a_policy_is_adopted() -> None:
    old, other = Policy(), Policy(inbox=InboxPolicy(learner_a_day=2))
    assert "nothing would differ" in beside(old, old)
    assert "change `version`" in beside(old, other)
    assert beside(old, other.model_copy(update={"version": "two"})) == ""


def test_a_file_in_force_that_is_bad_does_not_keep_the_mended_one_from_being_checked(tmp_path: Path) -> None:
    bad = tmp_path / "policy.toml"
    bad.write_text("nonsense = 1")
    assert "is not compared" in beside_file(bad, Policy())
