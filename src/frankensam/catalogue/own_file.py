"""Adding a row to a user's own corrections: judged with everything it refers to before the file is touched."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from frankensam.catalogue.curated import Catalogue
from frankensam.catalogue.facts import Correction
from frankensam.catalogue.loading import FORMAT, load_own_text
from frankensam.errors import FrankensamError, UsageRefused, printable
from frankensam.formats.files import read_regular_file
from frankensam.formats.locking import exclusive
from frankensam.formats.text import decode
from frankensam.formats.writing import write_atomically

HEADING = f"# Own corrections; the form is in docs/catalogue.md of frankensam.\nformat: {FORMAT}\n\ncorrections:\n"


class OwnFileBusy(FrankensamError):
    """Another process is writing the file."""

    slug = "catalogue-own-file-busy"


def declare_correction(path: Path, row: Mapping[str, object], base: Catalogue) -> Correction:
    """Add a correction to the end of an own file, making the file where there is none, and return it as it was read back.

    `base` is the catalogue without the file. What stands in the file stays as it is, comments too.

    Raises:
        InputRefused: the row, or the file, is wrong; OwnFileBusy: another process is writing it;
        UsageRefused: the section ``corrections`` is not the last one of the file.
    """

    def busy(owner: str) -> OwnFileBusy:
        return OwnFileBusy(f"another process is writing {printable(str(path), 200)}: {owner}", suggestion="wait for it, then try again")

    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with exclusive(path.with_name(f".{path.name}.lock"), busy):
        before = decode(read_regular_file(path), path.name) if path.exists() else HEADING
        line = ", ".join(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in row.items())
        after = f"{before.rstrip()}\n  - {{{line}}}\n"
        known = load_own_text(before, path.name, base).corrections if path.exists() else base.corrections
        found = load_own_text(after, path.name, base).corrections
        if len(found) != len(known) + 1 or found[: len(known)] != known:
            raise UsageRefused(f"'corrections' is not the last section of {printable(str(path), 200)}", slug="catalogue-own-file-order",
                               suggestion="move it to the end of the file")
        write_atomically(path, after)
    return found[-1]
