"""What does policy.toml say now?  Strict at start; while running a bad file changes nothing.

TOML knows no tuples or None, so lists become tuples here and nowhere else.
"""

import json
import tomllib
from collections.abc import Callable
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path

from pydantic import ValidationError

from schemas.policy import Policy
from streams.errors import Trouble
from streams.policy_text import paths
from streams.watched import Watched


class PolicyFileError(Trouble):
    """The policy file cannot be taken; the text names the key and what it may be."""

    code = 2


def load(path: Path | None) -> Policy:
    """The policy of a file; without a file, the defaults."""
    if path is None:
        return Policy()
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise PolicyFileError(f"the policy file {path} is not UTF-8: save it as UTF-8") from None
    except OSError as error:
        raise PolicyFileError(
            f"the policy file {path} cannot be read ({error.strerror}): name a file that is there, by --policy or MENTORWAY_POLICY_PATH"
        ) from None
    return parse(text, str(path))


def parse(text: str, name: str) -> Policy:
    try:
        return Policy.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise PolicyFileError(f"the policy file {name} is not TOML: {error}") from None
    except ValidationError as error:
        raise PolicyFileError(f"the policy file {name}: {explain(error)}") from None
    except (ValueError, RecursionError):
        raise PolicyFileError(
            f"the policy file {name}: a number is too long, or it is nested too deeply"
        ) from None


def explain(error: ValidationError) -> str:
    """The first key that is wrong, and what it may be."""
    first = error.errors(include_url=False)[0]
    key = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return (
            f"{key} is no knob: mend its name or take it out; `python -m streams policy` prints them all"
            + (f"; is it {near}?" if (near := _nearest(key)) else "")
        )
    message = first["msg"].removeprefix("Value error, ")
    message = message[0].lower() + message[1:]
    if key.endswith(".secret"):  # the value may be one
        return f"{key}: write env:NAME or file:PATH, where the secret stands; never the secret itself"
    said = "" if first["type"] == "value_error" else f", not {first['input']!r}"[:80]
    return f"{key}: {message}{said}" if key else f"{message}{said}"


def _nearest(key: str) -> str:
    """The knobs or tables of the same last name, or of the one most like it; empty = none is."""
    known: dict[str, list[str]] = {}
    for path in paths():
        known.setdefault(path.rpartition(".")[2], []).append(path)
    found = get_close_matches(key.rpartition(".")[2], known, n=1, cutoff=0.75)
    return " or ".join(known[found[0]]) if found else ""


def unheard(policy: Policy) -> str:
    """Whom nobody answers for, as an operator should know; empty = somebody answers for every programme."""
    if any("*" in one.programmes for one in policy.operators):
        return ""
    if not policy.operators:
        return (
            "the policy names no operator: what a mentor leaves undone, and all that a learner without one needs, is told "
            'to nobody; name who should hear it, as operators = [{ id = "office:7" }]'
        )
    named = ", ".join(sorted({name for one in policy.operators for name in one.programmes}))
    return (
        f"operators answer for {named} alone: what no mentor mends in any other programme is told to nobody, unless "
        'one answers for "*"'
    )


def beside(old: Policy, new: Policy) -> str:
    """What an operator should know of a new policy before its contents; empty = nothing."""
    if new == old:
        return f"this is the policy in force, {old.version!r}: nothing would differ"
    if new.version == old.version:
        return f"the policy in force is called {old.version!r}, too: change `version`, as it stands on every decision"
    return ""


def beside_file(path: Path | None, new: Policy) -> str:
    """The same of the file in force; that one may be what is to be mended, so its own fault ends nothing."""
    try:
        return beside(load(path), new)
    except PolicyFileError as error:
        return f"the policy in force is not compared: {error}"


def watch(
    path: Path | None, report: Callable[[str], None], check: Callable[[Policy], None] = lambda policy: None
) -> Watched[Policy]:
    """The policy as of the last good file; `check` raises Trouble for what this process cannot work with."""

    taken: list[Policy] = []

    def checked() -> Policy:
        policy = load(path)
        check(policy)
        if taken and policy != taken[0] and (said := beside(taken[0], policy)):
            report(said)
        taken[:] = [policy]
        return policy

    return Watched(
        lambda: () if path is None else (path,), checked,
        lambda policy: f"the policy {policy.version!r} stays in force",
        lambda policy: f"policy {policy.version!r} is in force", report,
    )  # fmt: skip


def fingerprint(policy: Policy) -> str:
    """The same for the same knobs, however the file writes them down."""
    knobs = json.dumps(policy.model_dump(mode="json"), sort_keys=True)
    return sha256(knobs.encode()).hexdigest()[:12]
