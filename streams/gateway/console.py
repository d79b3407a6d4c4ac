"""One page for an operator: pools, matches, nudges, lag and what was parked.  Plain HTML, made on the server.

Everything shown comes from outside at some point, so everything is escaped.
"""

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

CSS = (Path(__file__).parent / "console.css").read_text(encoding="utf-8")
_STYLE = base64.b64encode(hashlib.sha256(CSS.encode()).digest()).decode()
PLAIN = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
HEADERS = {
    **PLAIN,
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_STYLE}'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
}
REFRESH_S = 5


def page(found: Mapping[str, Any], still: bool = False, now: datetime | None = None) -> str:
    """The whole page from the board's picture; `still` for who reads slowly or listens: it does not reload.

    `now` tells how long ago a round was; None where time is not the wall's.
    """
    counts = found["counts"]
    parts = [
        f'<p class="note">{_e(found["note"][0].upper() + found["note"][1:])}.</p>' if found["note"] else "",
        _tiles(found),
        _section("pools", "Pools", "How full mentors are and who waits, as of each pool's last round of matching. Load is the share of a mentor's hours that is taken", _pools(found["pools"], now)),
        _section("matches", "Latest matches", "Who was matched with whom, and why: the points that each thing costs, and 0 would be a perfect fit", _table(
            "Latest matches", ("when (UTC)", "what", "learner", "mentor", "why", "another mentor"),
            ([_when(r), _tag(r["what"]), _learner(r["learner"]), _person(r["mentor"]), _e(r["why"]), _e(r["second"])] for r in found["matches"]),
            "No match yet. They appear here as soon as learners and mentors have joined.")),
        _section("nudges", "Latest nudges", "Who was told what, or why it was held or left unsaid", _table(
            "Latest nudges", ("when (UTC)", "what", "to", "role", "why"),
            ([_when(r), _tag(r["what"]), _learner(r["to"]) if r["role"] == "learner" else _person(r["to"]), _e(r["role"]), _e(r["why"])] for r in found["nudges"]),
            "No nudge yet.")),
        _section("lag", "Lag", "What has come in and is not worked off yet, by ledger: 0 is up to date", _table(
            "Facts behind, by ledger", ("ledger", "behind"), ([_e(name), f"{n:,}"] for name, n in found["lag"].items()), "Not measured yet.")),
        _section("webhooks", "Webhooks", "Services that are called with each nudge: delivered since this gateway began, given up, on their way", _table(
            "Webhooks", ("webhook", "delivered", "given up", "on their way", "last answer"),
            ([_e(w["name"]), f"{w['delivered']:,}", f"{w['failed']:,}", f"{w['waiting']:,}", _e(w["last"].replace("_", " "))] for w in found["webhooks"]),
            "The policy names no webhook.")),
        _section("parked", "Set aside", "What could not be read and is set aside, by topic and reason: <code>python -m streams dead-letters list</code> tells more", _table(
            "Parked facts, by topic and reason", ("topic and reason", "count"), ([_e(name), f"{n:,}"] for name, n in found["parked"].items()),
            "Nothing is set aside.")),
        _section("counts", "Counts", "Since the topics were made", _table(
            "Counts of facts", ("what", "count"),
            ([_e(name), f"{n:,}"] for name, n in counts.items() if not name.startswith("parked: ")),
            "Nothing yet.")),
    ]  # fmt: skip
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        + ("" if still else f'<meta http-equiv="refresh" content="{REFRESH_S}">')
        + f"<title>Mentorway console</title><style>{CSS}</style></head>"
        '<body><a class="skip" href="#main">Skip to content</a>'
        "<header><h1>Mentorway</h1><p>Who mentors whom, and who was told what. "
        + (_MOVING if still else _STILL)
        + "</p>"
        '<nav aria-label="Sections"><ul>'
        + "".join(f'<li><a href="#{id}">{name}</a></li>' for id, name in _NAV)
        + f'</ul></nav></header><main id="main">{"".join(parts)}</main>'
        '<footer><p>All times are UTC. The same as JSON: <a href="/api/board">/api/board</a></p></footer></body></html>'
    )


_STILL = f'Renewed every {REFRESH_S} seconds. <a href="/?still">Hold still</a>'
_MOVING = 'This page holds still. <a href="/">Renew it by itself</a>'
_NAV = (
    ("pools", "Pools"),
    ("matches", "Matches"),
    ("nudges", "Nudges"),
    ("lag", "Lag"),
    ("webhooks", "Webhooks"),
    ("parked", "Set aside"),
)


def _e(text: object) -> str:
    return escape(str(text), quote=True)


def _person(person: object) -> str:
    """An id breaks after its platform first, before a browser breaks it anywhere."""
    return _e(person).replace(":", ":<wbr>", 1)


def _learner(person: object) -> str:
    """With a way to the learner's own page."""
    return f'<a href="/learners/{quote(str(person), safe="")}">{_person(person)}</a>'


def _when(row: Mapping[str, Any]) -> str:
    return f'<time datetime="{_e(row["at"])}">{_e(str(row["at"])[5:16].replace("T", " "))}</time>'


def _tag(what: str) -> str:
    return f'<span class="tag {_e(what)}">{_e(what)}</span>'


def _section(id: str, title: str, about: str, body: str) -> str:
    return f'<section id="{id}" aria-labelledby="{id}-h"><h2 id="{id}-h">{title}</h2><p>{about}.</p>{body}</section>'


def _table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], empty: str) -> str:
    lines = []
    for row in rows:
        cells = [f'<td data-label="{name}">{cell}</td>' for name, cell in zip(columns, row, strict=True)]
        cells[0] = f'<th scope="row">{row[0]}</th>'
        lines.append(f"<tr>{''.join(cells)}</tr>")
    if not lines:
        return f'<p class="empty">{empty}</p>'
    head = "".join(f'<th scope="col">{name}</th>' for name in columns)
    return f'<div class="wide" tabindex="0" role="region" aria-label="{title}"><table><caption>{title}</caption><thead><tr>{head}</tr></thead><tbody>{"".join(lines)}</tbody></table></div>'


def _tiles(found: Mapping[str, Any]) -> str:
    counts: Mapping[str, int] = found["counts"]

    def total(start: str) -> int:
        return sum(n for name, n in counts.items() if name.startswith(start))

    tiles = (
        ("matches made", total("matches")),
        ("waiting now", sum(pool["waiting"] for pool in found["pools"])),
        ("nudges sent", total("nudges to")),
        ("undelivered", total("undelivered: ")),
        ("not worked off", sum(found["lag"].values())),
        ("set aside", sum(found["parked"].values())),
    )
    return (
        '<dl class="tiles">'
        + "".join(f"<div><dt>{name}</dt><dd>{n:,}</dd></div>" for name, n in tiles)
        + "</dl>"
    )


def _pools(pools: Sequence[Mapping[str, Any]], now: datetime | None) -> str:
    if not pools:
        return '<p class="empty">No round was held yet.</p>'
    found = []
    for pool in pools:
        why = "".join(f"<li>{_e(name)}: {count:,}</li>" for name, count in pool["unmatched"])
        found.append(
            f'<article class="pool"><h3>{_e(pool["pool"])}</h3>'
            f"<p>As of {_long_ago(pool['at'], now)}: {pool['mentors']:,} mentors; {pool['free']:,} had free hours before the round. "
            f"It placed {pool['placed']:,} of {pool['placed'] + pool['waiting']:,} learners; {pool['waiting']:,} still wait.</p>"
            + _bar("median load", pool["load_p50"])
            + _bar("highest load", pool["load_max"])
            + f"<p>They had waited: median {_span(pool['wait_p50'])}, 95 of 100 at most {_span(pool['wait_p95'])}.</p>"
            + (f"<p>Why they wait:</p><ul>{why}</ul>" if why else "")
            + "</article>"
        )
    return "".join(found)


def _long_ago(at: str, now: datetime | None) -> str:
    """The day too, and how long ago: a pool in which nothing happens holds no round."""
    when = datetime.fromisoformat(at)
    ago = -1 if now is None else (now - when) // timedelta(minutes=1)
    said = f'<time datetime="{_e(at)}">{when.astimezone(UTC):%Y-%m-%d %H:%M} UTC</time>'
    return said if ago < 0 else f"{said}, {_span(ago)} ago" if ago else f"{said}, just now"


def _span(minutes: int) -> str:
    """As a person would say it: minutes within two hours, hours within two days, else days."""
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 2 * 24 * 60 else f"{minutes // (24 * 60):,} days"


def _bar(name: str, permille: int) -> str:
    percent = round(permille / 10)
    return f'<p class="bar"><span>{name} {percent} %</span><progress max="1000" value="{permille}">{percent} %</progress></p>'
