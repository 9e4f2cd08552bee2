"""A replayed raid is exactly the study's, and its counts balance."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from replay_stores import WITHOUT_GEOMETRY, small_store

from frankensam.errors import InputRefused
from frankensam.kernels.spatial_arrays import REASONS
from frankensam.model.raid_illustration import illustrate_raid
from frankensam.model.raid_record import RecordedEvent, record_raid
from frankensam.simulation.store import ResultStore
from frankensam.study.replay import ChosenRaid, RaidReplay, ReplayOfOtherCode, choose_raid, named_raid, recompiled, replay_raid
from frankensam.study.replay_drawn import drawn_classes, drawn_pairings
from frankensam.study.replay_reasons import REASON_MEANINGS, Shortfall, furthest, saw, shortfall, shortfalls, why_it_leaked
from frankensam.study.replay_rows import (
    EVENT_HEADER,
    THREAT_HEADER,
    balances,
    clock,
    event_rows,
    firings,
    reasons,
    replay_as_json,
    threat_rows,
    total_of,
)

VARIANT, DAYS = "programme", 20


@pytest.fixture(scope="module")
def spatial(tmp_path_factory: pytest.TempPathFactory) -> ResultStore:
    return small_store(tmp_path_factory.mktemp("spatial") / "store")


@pytest.fixture(scope="module")
def salvo(tmp_path_factory: pytest.TempPathFactory) -> ResultStore:
    return small_store(tmp_path_factory.mktemp("salvo") / "store", "salvo")


def whole_campaign(store: ResultStore, replication: int) -> list[RaidReplay]:
    return [replay_raid(store, ChosenRaid(VARIANT, replication, day)) for day in range(DAYS)]


@pytest.mark.parametrize("replication", [0, 7])
def test_the_replays_of_all_days_add_up_to_the_stored_outcome_of_the_replication(spatial: ResultStore, replication: int) -> None:
    """Threats, what every layer stopped, leakers, reasons, engagements, kills and rounds: to the last one."""
    replays = whole_campaign(spatial, replication)
    classes, hybrids = spatial.names(VARIANT)["threat"], spatial.names(VARIANT)["hybrid"]
    stored = {
        name: spatial.outcome(VARIANT, name)[replication]
        for name in ("threats", "background_killed", "leakers", "leak_reasons", "killed", "engagements", "rounds_fired")
    }
    rows = [row for replay in replays for row in balances(replay)]
    for c, name in enumerate(classes):
        of_it = [row for row in rows if row.threat_class == name]
        assert sum(row.came for row in of_it) == stored["threats"][c]
        assert sum(row.before + row.behind for row in of_it) == stored["background_killed"][c]
        assert sum(row.leaked for row in of_it) == stored["leakers"][c]
        assert sum(row.by_units for row in of_it) == stored["killed"][:, c].sum()
    assert stored["killed"].sum() > 0
    for at, (reason, _) in enumerate(REASONS):
        assert sum(sum(reasons(replay)[reason]) for replay in replays) == stored["leak_reasons"][:, at].sum()
    for h, name in enumerate(hybrids):
        fired = [row for replay in replays for row in firings(replay) if row.pairing == name]
        assert sum(row.engagements for row in fired) == stored["engagements"][h].sum()
        assert sum(row.kills for row in fired) == stored["killed"][h].sum()
        assert sum(row.rounds_launched + row.rounds_failed for row in fired) == stored["rounds_fired"][h]


@pytest.mark.parametrize("replication", [0, 7])
def test_the_campaign_s_own_count_beside_an_illustration_is_the_stored_one(salvo: ResultStore, replication: int) -> None:
    replays = whole_campaign(salvo, replication)
    assert all(replay.salvo is not None for replay in replays)
    counted = [replay.salvo for replay in replays if replay.salvo is not None]
    for name, field in (("background_killed", "stopped_by_background"), ("leakers", "leakers")):
        assert np.array_equal(np.sum([getattr(one, field) for one in counted], axis=0), salvo.outcome(VARIANT, name)[replication])
    by_units = np.sum([one.stopped_by_units for one in counted], axis=0)
    assert np.array_equal(by_units, salvo.outcome(VARIANT, "killed")[replication].sum(axis=0))
    assert sum(one.rounds for one in counted) == salvo.outcome(VARIANT, "rounds_fired")[replication].sum()
    assert np.array_equal(np.sum([replay.record.arrived for replay in replays], axis=0), salvo.outcome(VARIANT, "threats")[replication])


def test_an_illustrated_raid_has_the_fire_units_rounds_and_threats_of_that_day(salvo: ResultStore) -> None:
    """On the first day both resolutions stand before the very same raid, so that the illustration is the spatial campaign's raid."""
    compiled = recompiled(salvo), recompiled(salvo, "spatial")
    for replication in range(5):
        own, other = (study.variants[VARIANT].at_design_point(salvo.manifest.seed, replication // 5) for study in compiled)
        record, _ = illustrate_raid(own, other, salvo.manifest.seed, replication, 0)
        assert record == record_raid(other, salvo.manifest.seed, replication, 0)
    with pytest.raises(ValueError, match="same campaign"):
        illustrate_raid(other, own, salvo.manifest.seed, 0, 0)
    with pytest.raises(ValueError, match="day 20"):
        illustrate_raid(own, other, salvo.manifest.seed, 0, DAYS)


@pytest.mark.parametrize("which", ["spatial", "salvo"])
def test_counts_balance_and_every_leaker_has_a_reason(which: str, request: pytest.FixtureRequest) -> None:
    store: ResultStore = request.getfixturevalue(which)
    seen: Counter[str] = Counter()
    for replay in whole_campaign(store, 3):
        rows = balances(replay)
        for row in (*rows, total_of(rows)):
            assert row.came == row.before + row.by_units + row.behind + row.leaked
        assert total_of(rows).leaked == sum(leaked for leaked, _ in reasons(replay).values()) + sum(replay.record.unaimed)
        for firing in firings(replay):
            assert firing.engagements == firing.kills + firing.misses + firing.late
            assert firing.rounds_launched + firing.rounds_failed <= firing.rounds_at_start
        for number, threat in enumerate(replay.record.threats):
            if threat.outcome == "leaked":
                seen[threat.reason or ""] += 1
                assert why_it_leaked(replay, number)
        times = [row[EVENT_HEADER.index("seconds")] for row in event_rows(replay)]
        assert times == sorted(times)
        assert all(len(row) == len(THREAT_HEADER) for row in threat_rows(replay))
    assert len(seen) >= 2, "more than one reason is met in twenty days"


def test_the_rule_takes_medians_of_the_busiest_period(spatial: ResultStore) -> None:
    chosen = choose_raid(spatial)
    assert chosen == choose_raid(spatial)
    engaged = np.diff(spatial.metric(VARIANT, "engagements"), axis=1, prepend=0.0)
    at = int(engaged.mean(axis=0).argmax())
    first, last = (0, *(spatial.recorded_days + 1))[at], spatial.recorded_days[at]
    assert first <= chosen.day <= last
    of_it = np.sort(engaged[:, at])
    assert engaged[chosen.replication, at] == of_it[(len(of_it) - 1) // 2]
    came = {day: sum(replay_raid(spatial, ChosenRaid(VARIANT, chosen.replication, day)).record.arrived) for day in range(first, last + 1)}
    some = sorted(many for many in came.values() if many)
    assert came[chosen.day] == some[(len(some) - 1) // 2]
    assert chosen.rule is not None
    assert "not for what is striking" in chosen.rule
    assert f"“{VARIANT}”" in chosen.rule


def test_the_rule_says_so_where_nothing_is_ever_engaged(spatial: ResultStore, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "engage most in the mean" in (choose_raid(spatial).rule or "")
    metric = ResultStore.metric

    def idle(store: ResultStore, variant: str, name: str) -> np.ndarray:
        found = metric(store, variant, name)
        return np.zeros_like(found) if name == "engagements" else found

    monkeypatch.setattr(ResultStore, "metric", idle)
    chosen = choose_raid(spatial)
    assert "the last period of its results, for in none do its fire units engage anything" in (chosen.rule or "")
    assert "engage most" not in (chosen.rule or "")
    assert spatial.recorded_days[-2] < chosen.day <= spatial.recorded_days[-1]


def test_drawn_values_are_those_of_the_arrays_that_the_raid_was_resolved_with(spatial: ResultStore) -> None:
    replay = next(one for one in whole_campaign(spatial, 3) if sum(one.record.arrived))
    a, names = replay.arrays, replay.names
    for row in drawn_pairings(replay):
        h = names["hybrid"].index(row.pairing)
        assert row.reach_km == a.hybrid_reach[h] / 1000.0
        assert (row.lowest_m, row.highest_m, row.channels) == (a.hybrid_lowest[h], a.hybrid_highest[h], a.hybrid_channels[h])
        ranks = [int(a.hybrid_class_order[h, names["threat"].index(name)]) for name in row.engages]
        assert ranks == sorted(ranks)
        assert len(ranks) == sum(rank >= 0 for rank in a.hybrid_class_order[h])
        assert min(ranks) >= 0
    assert {row.pairing for row in drawn_pairings(replay)} == {names["hybrid"][h] for h in a.unit_hybrid}
    for flies in drawn_classes(replay):
        c = names["threat"].index(flies.threat_class)
        assert replay.record.arrived[c]
        assert (flies.speed_m_s, flies.altitude_m) == (a.threat_speed[c], a.threat_altitude[c])
        assert flies.appears_as == names["threat"][a.threat_appearance[c]]


def test_where_only_summaries_are_kept_the_first_replication_is_taken(tmp_path: Path, spatial: ResultStore) -> None:
    store = small_store(tmp_path / "store", summaries=True)
    chosen = choose_raid(store)
    assert chosen.replication == 0
    assert "no single replication is kept" in (chosen.rule or "")
    assert replay_raid(store, chosen).record == replay_raid(spatial, ChosenRaid(VARIANT, 0, chosen.day)).record


def test_a_day_may_be_a_date_and_everything_wrong_is_said_at_once(spatial: ResultStore) -> None:
    assert named_raid(spatial, VARIANT, 3, "2024-01-05") == ChosenRaid(VARIANT, 3, 4) == named_raid(spatial, VARIANT, 3, "4")
    assert replay_raid(spatial, ChosenRaid(VARIANT, 3, 4)).date == dt.date(2024, 1, 5)
    for day in ("noon", "2024-13-01", "-1", "20", "2024-02-01", "٣"):
        with pytest.raises(InputRefused) as refused:
            named_raid(spatial, "programm", 99, day)
        assert {(problem.place.file, problem.slug) for problem in refused.value.problems} == {
            ("--variant", "unknown-variant"), ("--replication", "replay-out-of-range"), ("--day", "replay-out-of-range"),
        }
    with pytest.raises(InputRefused):
        replay_raid(spatial, ChosenRaid(VARIANT, 0, DAYS))


def test_a_store_whose_scenario_compiles_to_something_else_is_not_replayed(spatial: ResultStore) -> None:
    changed = ResultStore(spatial.path, spatial.manifest.model_copy(update={"scenario_digest": "0" * 64}))
    with pytest.raises(ReplayOfOtherCode, match="not those of the study"):
        replay_raid(changed, ChosenRaid(VARIANT, 0, 0))


def test_a_scenario_without_geometry_is_refused_with_all_that_it_lacks(tmp_path: Path) -> None:
    store = small_store(tmp_path / "store", scenario=WITHOUT_GEOMETRY)
    with pytest.raises(InputRefused) as refused:
        replay_raid(store, ChosenRaid(VARIANT, 0, 0))
    assert {problem.slug for problem in refused.value.problems} == {"spatial-incomplete"}
    assert len(refused.value.problems) == 7


def test_json_has_stable_keys_and_plain_values(salvo: ResultStore) -> None:
    found = replay_as_json(replay_raid(salvo, choose_raid(salvo)))
    assert list(found) == [
        "variant", "replication", "day", "date", "rule", "design_point", "seed", "illustration", "balance", "total", "campaign_counted",
        "fire_units", "launches", "reasons", "leakers", "threats", "events",
    ]
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert found["illustration"] is True
    assert {"threat", "class", "aimed_at", "arrives", "reason", "why"} <= set(found["leakers"][0])
    assert {"time", "event", "fire_unit", "threat", "value", "meaning"} <= set(found["events"][0])


REACHED = {"no_channel", "no_round", "missed"}


@pytest.mark.parametrize("which", ["spatial", "salvo"])
def test_who_saw_a_threat_and_could_engage_it_agrees_with_the_reason_of_the_record(which: str, request: pytest.FixtureRequest) -> None:
    """Seen by none, seen but engaged by none, or engaged by some: worked out from the leg, as the kernel had it."""
    seen: Counter[str | None] = Counter()
    for replay in whole_campaign(request.getfixturevalue(which), 3):
        windows = {(event.unit, event.threat) for event in replay.record.events if event.kind == "in_window"}
        for number, threat in enumerate(replay.record.threats):
            eyes = [unit.unit for unit in replay.record.units if saw(replay, unit.unit, threat)]
            able = {unit for unit in eyes if shortfall(replay, unit, threat) is None}
            assert {unit for unit, target in windows if target == number} <= able
            expected = {"not_detected"} if not eyes else {"out_of_envelope"} if not able else REACHED
            seen[threat.reason] += 1
            assert threat.reason in expected or (threat.outcome == "killed" and able)
            assert (furthest(replay, threat) is not None) == (threat.reason == "out_of_envelope")
            if threat.reason == "out_of_envelope":
                assert REASON_MEANINGS["out_of_envelope"] != why_it_leaked(replay, number)
        assert shortfalls(replay).total() == sum(reasons(replay)["out_of_envelope"])
    assert {"not_detected", "out_of_envelope", None} <= set(seen)


def drawn_anew(replay: RaidReplay, **values: object) -> RaidReplay:
    """Return the same raid as if the drawn values of its fire units had been others."""
    changed = {name: np.full_like(getattr(replay.arrays, name), value) for name, value in values.items()}
    return replace(replay, arrays=replay.arrays._replace(**changed))


@pytest.mark.parametrize(("values", "lack", "words"), [
    ({"hybrid_class_order": -1, "hybrid_reach": 1.0}, Shortfall.CLASS, "of a class not engaged there"),
    ({"hybrid_lowest": 90_000.0, "hybrid_highest": 99_000.0}, Shortfall.TOO_LOW, "too low for"),
    ({"hybrid_lowest": 0.0, "hybrid_highest": 1.0}, Shortfall.TOO_HIGH, "too high for"),
    ({"hybrid_reach": 1.0}, Shortfall.REACH, "never within reach of"),
    ({"hybrid_reaction": 1e6, "hybrid_reach": 1e6}, Shortfall.TIME, "too late for an intercept"),
])
def test_out_of_envelope_says_what_the_fire_units_that_came_furthest_lacked(
    spatial: ResultStore, values: dict[str, float], lack: Shortfall, words: str,
) -> None:
    replay, number = next(
        (replay, number) for replay in whole_campaign(spatial, 3) for number, threat in enumerate(replay.record.threats)
        if threat.outcome == "killed"
    )
    everything = {"hybrid_class_order": 0, "hybrid_lowest": 0.0, "hybrid_highest": 99_000.0, "hybrid_sensor_reach": 1e6}
    changed = drawn_anew(replay, **{**everything, **values})
    changed = replace(changed, record=replace(changed.record, threats=tuple(
        replace(threat, outcome="leaked", reason="out_of_envelope") for threat in changed.record.threats
    )))
    found = furthest(changed, changed.record.threats[number])
    assert found is not None
    assert found[0] == lack
    why = why_it_leaked(changed, number)
    assert words in why
    assert all(replay.names["unit"][unit] in why for unit in found[1])


def test_no_channel_and_no_round_name_the_fire_unit_where_the_record_tells_it(spatial: ResultStore) -> None:
    replay = next(replay for replay in whole_campaign(spatial, 3) if replay.record.threats and len(replay.names["unit"]) > 1)
    names = replay.names["unit"]

    def why(reason: str, *events: tuple[str, int, int]) -> str:
        met = tuple(RecordedEvent(0.0, kind, unit, 0, value) for kind, unit, value in events)
        threats = (replace(replay.record.threats[0], outcome="leaked", reason=reason),)
        return why_it_leaked(replace(replay, record=replace(replay.record, threats=threats, events=met)), 0)

    assert f"envelope of {names[1]}, with a channel free" in why("no_round", ("in_window", 0, 1), ("in_window", 1, 2))
    assert f"envelope of {names[0]}, with a channel free" in why("no_round", ("in_window", 0, 1))
    assert why("no_round", ("in_window", 0, 0), ("in_window", 1, 0)) == REASON_MEANINGS["no_round"]
    assert f"envelope of {names[0]} and {names[1]}, with every channel" in why("no_channel", ("in_window", 0, 1), ("in_window", 1, 1))
    assert why("missed", ("launch", 1, 1)) == f"engaged by {names[1]}, and every round missed"


def test_clock() -> None:
    assert [clock(value) for value in (0.0, 59.6, 3723.4, -60.0, -0.2, 90_000.0)] == [
        "00:00:00", "00:01:00", "01:02:03", "-00:01:00", "00:00:00", "25:00:00",
    ]
