"""What do the wording files say now?  One TOML file a language, strict at start, lenient while running."""

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path

from pydantic import ValidationError

from nudging.wording import LEAST, Wording, faults
from streams.errors import Trouble
from streams.watched import Watched


class WordingFileError(Trouble):
    """The words cannot be used; the text names the file, the place and the mend."""

    code = 2


def files(folder: Path) -> list[Path]:
    """The languages of a folder, in order."""
    return sorted(folder.glob("*.toml"))


def load(folder: Path, least: int = LEAST) -> dict[str, Wording]:
    """Every language, by its lower-case tag.  Raises WordingFileError with the first thing that is wrong."""
    found: dict[str, Wording] = {}
    for path in files(folder):
        words = read(path)
        if wrong := faults(words, least):
            more = (
                f" (and {len(wrong) - 1} more: `python -m streams wording check {path}`)"
                if len(wrong) > 1
                else ""
            )
            raise WordingFileError(f"the wording file {path}: {wrong[0]}{more}")
        if found.setdefault(words.language.lower(), words) is not words:
            raise WordingFileError(
                f"the wording file {path}: language {words.language} is in another file, too"
            )
    if not found:
        raise WordingFileError(
            f"no wording file in {folder}: put en.toml there, or mend MENTORWAY_WORDING_DIR"
        )
    return found


def read(path: Path) -> Wording:
    """One file, by its form alone; what its texts name is for `nudging.wording.faults`."""
    try:
        return Wording.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except UnicodeDecodeError:
        raise WordingFileError(f"the wording file {path} is not UTF-8: save it as UTF-8") from None
    except OSError as error:
        raise WordingFileError(f"the wording file {path} cannot be read ({error.strerror})") from None
    except tomllib.TOMLDecodeError as error:
        raise WordingFileError(f"the wording file {path} is not TOML: {error}") from None
    except ValidationError as error:
        raise WordingFileError(f"the wording file {path}: {_explain(error)}") from None
    except (ValueError, RecursionError):
        raise WordingFileError(
            f"the wording file {path}: a number is too long, or it is nested too deeply"
        ) from None


def _explain(error: ValidationError) -> str:
    """The first place that is wrong, and what it may be."""
    wrong = error.errors(include_url=False)
    first = next((one for one in wrong if one["type"] == "extra_forbidden"), wrong[0])
    key = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return f"{key} is no key of a wording file: mend its name, or take it out"
    if first["type"] == "missing":
        return f"{key} is missing: add it"
    return f"{key}: {first['msg'][0].lower()}{first['msg'][1:]}"


def watch(folder: Path, report: Callable[[str], None], least: int = LEAST) -> Watched[Mapping[str, Wording]]:
    """The words as of the last good files."""
    return Watched(
        lambda: files(folder), lambda: load(folder, least),
        lambda words: f"the words of {', '.join(words)} stay as they were",
        lambda words: f"the words of {', '.join(words)} are in use", report,
    )  # fmt: skip
