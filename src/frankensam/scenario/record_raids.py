"""Raids that a scenario names rather than spells out: a fit file, the bundled figures, a window of a record, a block bootstrap.

They are spelt out while the file is read, before anything is checked, so that
everything after sees a fitted generator or a list; the text that a study keeps
then holds what was spelt out, and needs neither the record nor the fit file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from frankensam.errors import InputRefused, Place, Problem, UsageRefused
from frankensam.formats.near import did_you_mean
from frankensam.formats.nodes import Entry, Node, node_from_plain
from frankensam.glossary import ThreatClass

KEYS = {
    "bundled_fit": ({"source"}, {"decoy_share", "basis"}),
    "fit_file": ({"source", "file"}, {"decoy_share", "basis"}),
    "record_window": ({"source", "file", "first"}, {"last", "basis"}),
    "block_bootstrap": ({"source", "file"}, {"until", "basis"}),
}
"""Required and optional keys by source."""
DECOY_SHARE = {
    "value": 0.4,
    "range": [0.25, 0.55],
    "basis": {"assumption": "share of counted UAVs reported lost without being shot down, late 2024 to May 2025; docs/scenario.md"},
}
DEFAULT_HORIZON = 366
RANDOM_SEED_OF_LIST = 1


@dataclass(frozen=True, slots=True)
class SpeltOut:
    """A tree in which raids are spelt out, what was wrong, and whether anything was spelt out."""

    root: Node
    problems: tuple[Problem, ...]
    changed: bool


def spell_out_raids(root: Node, folder: Path | None, days: float | None) -> SpeltOut:
    """Return the tree with `raids`, of the scenario and of variants that replace them, spelt out.

    Args:
        root: the scenario's tree.
        folder: where the scenario lies; files are named relative to it and lie below it. None: no file can be named.
        days: the horizon.
    """
    if not isinstance(root.value, Mapping):
        return SpeltOut(root, (), changed=False)
    problems: list[Problem] = []
    spelling = _Spelling(folder, int(days) if days is not None and days >= 1 else DEFAULT_HORIZON, problems)
    tree = dict(root.value)
    if "raids" in tree:
        tree["raids"] = replace(tree["raids"], node=spelling.of(tree["raids"].node))
    if "variants" in tree:
        tree["variants"] = replace(tree["variants"], node=_in_variants(tree["variants"].node, spelling))
    return SpeltOut(replace(root, value=tree), tuple(problems), spelling.changed)


def _in_variants(variants: Node, spelling: _Spelling) -> Node:
    if not isinstance(variants.value, tuple):
        return variants
    return replace(variants, value=tuple(_with(variant, "changes", lambda node: _in_changes(node, spelling)) for variant in variants.value))


def _in_changes(changes: Node, spelling: _Spelling) -> Node:
    if not isinstance(changes.value, tuple):
        return changes
    return replace(
        changes,
        value=tuple(
            _with(change, "value", spelling.of) if (path := change.child("path")) is not None and path.value == "raids" else change
            for change in changes.value
        ),
    )


def _with(node: Node, key: str, changed: Any) -> Node:
    if not isinstance(node.value, Mapping) or key not in node.value:
        return node
    entry: Entry = node.value[key]
    return replace(node, value={**node.value, key: replace(entry, node=changed(entry.node))})


@dataclass
class _Spelling:
    folder: Path | None
    days: int
    problems: list[Problem]
    changed: bool = False

    def of(self, node: Node) -> Node:
        """Return a node of raids spelt out, or as it is if it names nothing."""
        source = node.child("source")
        if source is None or source.value not in KEYS:
            return node
        required, optional = KEYS[str(source.value)]
        given = {str(key) for key, _ in node.items()}
        for key in sorted(required - given):
            self._refuse(node, f"raids of source '{source.value}' have the key '{key}'", "raids-key", key)
        for key in sorted(given - required - optional):
            self._refuse(node, "this key is not known here", "raids-key", key, did_you_mean(key, required | optional))
        if self.problems:
            return node
        try:
            plain = self._spelt(str(source.value), node)
        except InputRefused as error:
            self.problems.extend(error.problems)
            return node
        except UsageRefused as error:
            self._refuse(node, error.args[0], error.slug, None, error.suggestion)
            return node
        self.changed = True
        return _placed(node_from_plain(plain, node.file), node)

    def _spelt(self, source: str, node: Node) -> dict[str, Any]:
        from frankensam.raids.figures import BUNDLED_FIT, read_figures

        basis = node.child("basis")
        if source in ("bundled_fit", "fit_file"):
            figures = read_figures(BUNDLED_FIT if source == "bundled_fit" else self._path(node))
            share = node.child("decoy_share")
            return _fitted(figures, share.plain() if share is not None else DECOY_SHARE, basis.plain() if basis is not None else None)
        return self._from_record(source, node, basis.plain() if basis is not None else None)

    def _from_record(self, source: str, node: Node, basis: Any) -> dict[str, Any]:
        import numpy as np

        from frankensam.raids.bootstrap import attack_counts, bootstrap, replay
        from frankensam.raids.generator import deal_mixed
        from frankensam.raids.reading import read_record

        record = read_record(self._path(node))
        if source == "record_window":
            first = self._day(node, "first")
            last = self._day(node, "last") if node.child("last") is not None else min(record.last_day, first + timedelta(self.days - 1))
            counts = deal_mixed(replay(record, first, min(last, first + timedelta(self.days - 1))))
            said = f"reported raids of {first} to {last}, replayed from day 0"
            history: list[list[int]] = []
        else:
            until = self._day(node, "until") if node.child("until") is not None else record.last_day
            past = attack_counts(record)[: record.position(until) + 1]
            known = past[np.isfinite(past).all(axis=1)]
            counts = deal_mixed(bootstrap(known, self.days, 1, np.random.default_rng([RANDOM_SEED_OF_LIST]))[0])
            said = f"block bootstrap of reported raids up to {until}, drawn anew at every design point"
            history = [[int(count) for count in row] for row in known]
        listed = {
            "source": "listed",
            "basis": basis or {"assumption": f"{said}; record {record.sha256[:12]}, one side's claims"},
            "days": [
                {
                    "day": f"{day} day",
                    "threats": {threat.value: f"{int(count)} count" for threat, count in zip(ThreatClass, row, strict=False) if count > 0},
                }
                for day, row in enumerate(counts)
            ],
        }
        return {**listed, "past": history} if history else listed

    def _path(self, node: Node) -> Path:
        written = node.child("file")
        text = written.value if written is not None else None
        if not isinstance(text, str) or not text:
            raise InputRefused([Problem(slug="raids-file", place=node.place("raids.file"), rule="'file' is the path of a file")])
        if self.folder is None:
            raise InputRefused(
                [
                    Problem(
                        slug="raids-file",
                        place=node.place("raids.file"),
                        value=text,
                        rule="this scenario has no folder in which a file could lie",
                    )
                ]
            )
        folder = self.folder.resolve()
        path = (folder / text).resolve()
        if Path(text).is_absolute() or not path.is_relative_to(folder):
            raise InputRefused(
                [
                    Problem(
                        slug="raids-file",
                        place=node.place("raids.file"),
                        value=text,
                        rule="the file lies in the scenario's folder or below it",
                        suggestion="copy it there, and name it relative to the scenario",
                    )
                ]
            )
        return path

    def _day(self, node: Node, key: str) -> date:
        given = node.child(key)
        try:
            return date.fromisoformat(str(given.value if given is not None else None))
        except ValueError:
            place = (given or node).place(f"raids.{key}")
            raise InputRefused(
                [
                    Problem(
                        slug="raids-date",
                        place=place,
                        value=str(given.value if given is not None else ""),
                        rule="a day is written YYYY-MM-DD",
                    )
                ]
            ) from None

    def _refuse(self, node: Node, rule: str, slug: str, value: str | None, suggestion: str | None = None) -> None:
        self.problems.append(
            Problem(slug=slug, place=Place(node.file, node.line, node.column, "raids"), rule=rule, value=value, suggestion=suggestion)
        )


def _placed(node: Node, where: Node) -> Node:
    """Return a tree whose every node stands where what it was spelt out from stands."""
    value = node.value
    if isinstance(value, tuple):
        value = tuple(_placed(item, where) for item in value)
    elif isinstance(value, Mapping):
        value = {key: replace(entry, node=_placed(entry.node, where)) for key, entry in value.items()}
    return replace(node, value=value, line=where.line, column=where.column)


def _fitted(figures: Any, decoy_share: Any, basis: Any) -> dict[str, Any]:
    """Return a fitted generator of one period; ranges are the fit's 80 % intervals."""

    def number(estimate: Any) -> Any:
        value, low, high = (float(f"{end:.4g}") for end in (estimate.value, estimate.low, estimate.high))
        return {"value": value, "range": [low, high]} if low < value < high else value

    said = f"fitted to reported raids of {figures.first_day} to {figures.last_day}, record {figures.record_sha256[:12]}; one side's claims"
    threats = tuple(figures.occurrence)
    return {
        "source": "fitted",
        "basis": basis or {"assumption": said},
        "periods": [
            {
                "start": "0 day",
                "strike": number(figures.strike),
                "decoy_share": decoy_share,
                "occurrence": {threat: {regime: number(one) for regime, one in figures.occurrence[threat].items()} for threat in threats},
                "log_mean": {threat: {regime: number(one) for regime, one in figures.log_mean[threat].items()} for threat in threats},
            }
        ],
        "weekday": [round(factor, 3) for factor in figures.weekday],
        "log_sd": {threat: {regime: number(one) for regime, one in figures.log_sd[threat].items()} for threat in threats},
        "cap": {threat: f"{cap} count" for threat, cap in figures.cap.items()},
        "level": {"one_way_attack_uav": {**number(figures.uav_level), "distribution": "loguniform"}},
    }
