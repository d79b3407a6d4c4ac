"""Does the console read well in a real browser: on a desktop, on a phone of 360 px, in the dark?"""

import contextlib
import http.server
import re
import shutil
import struct
import subprocess
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from schemas.policy import Policy
from streams.gateway import board, console
from streams.policy_file import unheard
from tests.brokers import missing
from tests.gateway.test_board import EVIL, held, proposed, put, round_of, sent

pytestmark = pytest.mark.browser
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars",
)  # fmt: skip


@pytest.fixture(scope="module")
def chromium() -> str:
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    return found or missing("browser", "no Chromium is installed: `apt-get install chromium`")


@pytest.fixture(scope="module")
def page() -> str:
    """A full board: long and hostile names, several pools, parked facts."""
    rows: dict[str, Any] = {}
    for n in range(12):
        put(rows, proposed(n, learner=f"lms:learner-{n}"), "matches", n)
        put(rows, sent(learner=f"lms:learner-{n}"), "nudges", 2 * n)
        put(rows, held(), "nudges", 2 * n + 1)
    put(rows, proposed(99, learner=EVIL, mentor="lms:" + "m" * 120), "matches", 99)
    for pool in ("maths-2026", "p" * 100, EVIL):
        put(rows, round_of(pool=pool), "rounds", len(pool))
    rows["count/0/dead-letters"] = {"offset": 1, "counts": {"parked: platform-events: not JSON": 3}}
    lag = {"intake": 0, "pools": 12, "pulses": 34_567, "inboxes": 0}
    now = round_of().at + timedelta(days=21)
    return console.page(board.picture(rows, lag, note=unheard(Policy())), now=now)


@contextlib.contextmanager
def served(text: str) -> Iterator[str]:
    """The page as the gateway serves it, its headers too, with the frames that measure it."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            measuring = self.path.startswith("/measure")
            self.send_header("Content-Type", "text/html; charset=utf-8")
            if not measuring:
                for name, value in console.HEADERS.items():
                    if name != "X-Frame-Options":  # so that a frame can measure it
                        self.send_header(
                            name, value.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
                        )
            self.end_headers()
            self.wfile.write(MEASURE.encode() if measuring else text.encode())

        def log_message(self, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


MEASURE = """<!doctype html><title>measure</title><iframe src="/" width="360" height="800" style="border:0"></iframe>
<script>document.querySelector("iframe").onload = event => {
  const inner = event.target.contentDocument;
  document.title = "wide=" + inner.documentElement.scrollWidth + " styled=" + inner.styleSheets.length
    + " evil=" + inner.querySelectorAll("script,img").length + " bad=" + [...inner.querySelectorAll("table")]
      .filter(table => !table.caption || !table.querySelector("th[scope]")).length;
}</script>"""


def run(chromium: str, folder: Path, *args: str) -> str:
    done = subprocess.run(
        [chromium, *FLAGS, f"--user-data-dir={folder / 'profile'}", *args],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    return done.stdout


def test_a_phone_needs_no_sideways_scrolling(chromium: str, page: str, tmp_path: Path) -> None:
    with served(page) as address:
        out = run(chromium, tmp_path, "--virtual-time-budget=3000", "--dump-dom", address + "/measure")
    found = re.search(r"<title>wide=(\d+) styled=(\d+) evil=(\d+) bad=(\d+)</title>", out)
    assert found is not None, out[:500]
    wide, styled, evil, bad = map(int, found.groups())
    assert wide <= 360
    assert styled == 1
    assert evil == 0
    assert bad == 0


@pytest.mark.parametrize(
    ("name", "width", "more"),
    [("desktop", 1280, ()), ("dark", 1280, ("--force-dark-mode",)), ("phone", 500, ())],
)
def test_it_draws(
    chromium: str, page: str, tmp_path: Path, name: str, width: int, more: tuple[str, ...]
) -> None:
    shot = tmp_path / f"{name}.png"
    with served(page) as address:
        run(chromium, tmp_path, f"--window-size={width},1600", f"--screenshot={shot}", *more, address)
    data = shot.read_bytes()
    assert struct.unpack(">II", data[16:24]) == (width, 1600)
    assert len(data) > 20_000  # not a blank page


def test_every_colour_can_be_read() -> None:
    """WCAG AA: at least 4.5 to 1 for text on the card and on the paper, in the light and in the dark."""
    for block in re.findall(r":root\{([^}]*)\}", console.CSS):
        colours = dict(re.findall(r"--(\w+):(#[0-9a-f]{3,6})", block))
        for ink in ("ink", "soft", "accent", "good", "warn"):
            for ground in ("paper", "card"):
                assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
