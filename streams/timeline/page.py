"""The picture as a page of its own, with the same in a table for who reads or listens."""

from html import escape

from streams.gateway import console
from streams.timeline.life import Life
from streams.timeline.picture import draw
from streams.timeline.telling import heading, rows, summary


def page(life: Life, caption: str = "", home: str = "") -> str:
    """`caption` follows what is told of the term; `home` is where the console is, empty for a file."""
    title, about = heading(life)[0], f"{summary(life)} {caption}".strip()
    way = f'<nav aria-label="Sections"><ul><li><a href="{home}">Console</a></li></ul></nav>' if home else ""
    part = "<p><strong>Only a part could be read in the time given.</strong></p>" if life.partial else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{console.CSS}</style></head>"
        '<body><a class="skip" href="#table">Skip to the table</a>'
        f"<header><h1>{escape(title)}</h1><p>{escape(about)}</p>{way}{part}</header>"
        f'<main id="main"><section aria-label="The term as a picture"><div class="wide picture" tabindex="0" role="region" '
        f'aria-label="The picture, which scrolls sideways">{draw(life, caption)}</div></section>{_table(life)}</main></body></html>'
    )


def notice(title: str, words: str) -> str:
    """A page that says why there is no picture."""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{console.CSS}</style></head><body><main><h1>{escape(title)}</h1>"
        f'<p>{escape(words)} <a href="/">To the console</a></p></main></body></html>'
    )


def _table(life: Life) -> str:
    lines = "".join(
        f'<tr><th scope="row"><time datetime="{at.isoformat()}">{at:%Y-%m-%d %H:%M}</time></th>'
        f'<td data-label="what">{escape(what)}</td><td data-label="about">{escape(about)}</td></tr>'
        for at, what, about in rows(life)
    )
    return (
        '<section id="table" aria-labelledby="table-h"><h2 id="table-h">All of it, in order of time (UTC)</h2>'
        "<table><caption>Events, what was seen, and what was said</caption><thead><tr>"
        '<th scope="col">when</th><th scope="col">what</th><th scope="col">about</th></tr></thead>'
        f"<tbody>{lines}</tbody></table></section>"
    )
