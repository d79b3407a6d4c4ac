"""What does an xAPI statement name?  Who, which item, which course, which result; nothing personal, no URLs."""

import hashlib
import re
from typing import Any
from urllib.parse import urlsplit

import orjson

from schemas.codec import Reject

SAFE = re.compile(r"[A-Za-z0-9._+=:-]{1,100}")
NO_KEY = "the actor is known only by an address or a name, and no key hides it: set MENTORWAY_ID_KEY, then requeue this"
PROGRESS = "https://w3id.org/xapi/cmi5/result/extensions/progress"


def actor(named: object, key: bytes) -> tuple[str, str] | Reject:
    """Platform and learner id; an address is hidden by a keyed hash, as anybody could guess one behind a plain hash."""
    if not isinstance(named, dict):
        return Reject("no actor")
    account = named.get("account")
    if isinstance(account, dict):
        home, name = account.get("homePage"), account.get("name")
        if not isinstance(home, str) or not isinstance(name, str) or not name:
            return Reject("actor.account needs homePage and name")
        platform = _host(home)
        if not SAFE.fullmatch(platform):
            return Reject("actor.account.homePage names no host")
        if SAFE.fullmatch(name):
            return platform, f"{platform}:{name}"
        return (platform, f"{platform}:{hidden(name, key)}") if key else Reject(NO_KEY)
    for field in ("mbox", "mbox_sha1sum", "openid"):
        address = named.get(field)
        if isinstance(address, str) and address:
            return ("xapi", f"xapi:{hidden(address, key)}") if key else Reject(NO_KEY)
    return Reject("no learner: the actor has no account, mbox or openid")


def _host(home: str) -> str:
    if "//" not in home:
        return home
    try:
        return urlsplit(home).hostname or ""
    except ValueError:  # an address in brackets that is none, or letters that only look like a host
        return ""


def hidden(words: str, key: bytes) -> str:
    return hashlib.blake2b(words.encode("utf-8", "replace"), digest_size=16, key=key[:64]).hexdigest()


LONGEST_TAIL = 64


def shorten(id: str) -> str:
    """An id without its URL: the last path segment to be read, a hash so that no two ids meet."""
    if SAFE.fullmatch(id) and "//" not in id:
        return id
    tail = id.rstrip("/").rpartition("/")[2]
    whole = hidden(id, b"")
    return f"{tail[:LONGEST_TAIL]}-{whole[:12]}" if SAFE.fullmatch(tail) else whole


def short(verb: str) -> str:
    tail = verb.rstrip("/").rpartition("/")[2]
    return tail if SAFE.fullmatch(tail) else "unnamed"


def course(part: dict[str, Any]) -> str | None:
    context = part.get("context")
    activities = context.get("contextActivities") if isinstance(context, dict) else None
    if not isinstance(activities, dict):
        return None
    for place in ("parent", "grouping"):
        listed = activities.get(place)
        for one in listed if isinstance(listed, list) else [listed]:
            if isinstance(one, dict) and (text(one, "definition", "type") or "").endswith("/course"):
                id = one.get("id")
                if isinstance(id, str) and id:
                    return shorten(id)
    return None


def name_of(part: dict[str, Any]) -> str | Reject:
    """The statement's own id, else a hash of its content."""
    id = part.get("id")
    if isinstance(id, str) and id:
        return id[:256]
    try:
        content = orjson.dumps(part, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:  # it reads deeper nesting than it writes
        return Reject("a statement without an id, and nested too deeply to be told apart by its content")
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def score(result: dict[str, Any]) -> int | None:
    told = result.get("score")
    scaled = told.get("scaled") if isinstance(told, dict) else None
    if not isinstance(scaled, int | float) or isinstance(scaled, bool):
        return None
    return round(1000 * min(1.0, max(0.0, float(scaled))))


def progress(result: dict[str, Any]) -> int | None:
    extensions = result.get("extensions")
    reached = extensions.get(PROGRESS) if isinstance(extensions, dict) else None
    if not isinstance(reached, int | float) or isinstance(reached, bool):
        return None
    return round(10 * min(100.0, max(0.0, float(reached))))


def text(part: object, *path: str) -> str | None:
    for name in path:
        if not isinstance(part, dict):
            return None
        part = part.get(name)
    return part if isinstance(part, str) and part else None
