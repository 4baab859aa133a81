"""The level engine: what each value reads, what it takes to change, and that no data is never good."""

from __future__ import annotations

import math
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from deploytui.metrics.board import Level, Reading, Sample
from deploytui.metrics.latch import State
from deploytui.metrics.level import advance, level_at, reading, stale_after_s
from deploytui.plan.model import Band, GaugeSpec
from tests.metrics.make import band, gauge, sample

OK, WATCH, BREACH, NO_DATA, STALE = Level.OK, Level.WATCH, Level.BREACH, Level.NO_DATA, Level.STALE
SETTLING = Level.SETTLING


def run(spec: GaugeSpec, samples: list[Sample]) -> list[Level]:
    """The level right after each sample."""
    state, levels = State(), []
    for each in samples:
        state = advance(spec, state, each)
        levels.append(state.level)
    return levels


def read(spec: GaugeSpec, samples: list[Sample], mono_s: float | None = None) -> Reading:
    state = State()
    for each in samples:
        state = advance(spec, state, each)
    return reading(spec, state, samples[-1].mono_s if mono_s is None else mono_s)


@pytest.mark.parametrize(
    ("ok", "breach", "value", "level"),
    [
        ("< 0.1", "> 5", 0.05, OK),
        ("< 0.1", "> 5", 0.1, WATCH),
        ("< 0.1", "> 5", 5, WATCH),
        ("< 0.1", "> 5", 5.1, BREACH),
        ("<= 0.1", ">= 5", 0.1, OK),
        ("<= 0.1", ">= 5", 5, BREACH),
        ("< 500", None, 499, OK),
        ("< 500", None, 500, WATCH),
        (None, "> 50", 50, OK),
        (None, "> 50", 51, BREACH),
        ("= 1", "= 0", 1, OK),
        ("= 1", "= 0", 0, BREACH),
        ("!= 0", None, 0, WATCH),
        (None, None, 1e9, OK),
        ("< 10", "< 20", 5, BREACH),  # limits that overlap: the worse one counts
    ],
)
def test_level_of_one_value(ok: str | None, breach: str | None, value: float, level: Level) -> None:
    spec = gauge(ok and band(ok), breach and band(breach))
    assert run(spec, [sample(0, value)]) == [level]


def test_a_duration_is_needed_to_enter_and_to_leave() -> None:
    spec = gauge(band("< 500", for_s=10))
    values = [100, 100, 100, 900, 900, 900, 100]
    assert run(spec, [sample(5 * i, v) for i, v in enumerate(values)]) == [
        *(SETTLING, SETTLING, OK),
        *(OK, OK, WATCH),
        WATCH,
    ]


def test_a_number_in_a_row_is_needed_to_enter_and_to_leave() -> None:
    spec = gauge(band("< 500", times=3))
    values = [100, 100, 900, 100, 100, 100, 900, 900, 100, 900, 900, 900]
    levels = run(spec, [sample(5 * i, v) for i, v in enumerate(values)])
    assert levels == [SETTLING] * 2 + [WATCH] * 3 + [OK] * 6 + [WATCH]


def test_past_the_breach_limit_is_never_ok_before_its_dwell_is_over() -> None:
    spec = gauge(None, band("> 5", for_s=10))
    assert run(spec, [sample(5 * i, v) for i, v in enumerate([1, 9, 9, 9, 1, 1, 1])]) == [
        *(OK, WATCH, WATCH, BREACH),
        *(BREACH, BREACH, OK),
    ]
    spec = gauge(band("< 1", for_s=10), band("> 5", for_s=10))
    assert run(spec, [sample(5 * i, v) for i, v in enumerate([0, 0, 0, 9])])[-2:] == [OK, WATCH]


def test_a_least_sample_size_is_needed_to_enter_and_to_leave() -> None:
    spec = gauge(band("< 1"), band("> 5", samples=100), unit="%")

    def share(mono_s: float, value: float, total: int) -> Sample:
        return replace(sample(mono_s, value), hits=1, total=total)

    few, many = share(0, 9, 99), share(5, 9, 100)
    assert run(spec, [few, many, share(10, 0, 99), share(15, 0, 100)]) == [WATCH, BREACH, BREACH, OK]
    assert "breach needs 100 answers, there are 99" in read(spec, [few]).why


def test_a_lost_answer_starts_every_dwell_again() -> None:
    spec = gauge(band("< 500", for_s=10))
    good = [sample(0, 1), sample(5, 1), sample(10, 1)]
    assert run(spec, [*good, sample(15, None, "timed out"), sample(20, 1), sample(25, 1)]) == [
        *(SETTLING, SETTLING, OK),
        *(NO_DATA, WATCH, WATCH),
    ]


def test_a_silence_starts_every_dwell_again() -> None:
    spec = gauge(band("< 500", for_s=10))
    late = stale_after_s(spec) + 0.1
    assert run(spec, [sample(0, 1), sample(late, 1), sample(late + 5, 1), sample(late + 10, 1)])[1:] == [
        *(SETTLING, SETTLING, OK),
    ]


def test_a_gauge_that_was_never_bad_settles_until_its_good_value_has_held() -> None:
    spec = gauge(band("< 500", for_s=60))
    samples = [sample(5 * i, 212) for i in range(13)]
    assert run(spec, samples) == [SETTLING] * 12 + [OK]
    seen = read(spec, samples[:3])
    assert (seen.settling, seen.why) == ("10 s of 1 min", "212 ms, ok is < 500, ok for 10 s of 1 min")
    assert read(spec, samples).settling == ""


@pytest.mark.parametrize("bad", [900.0, None])
def test_after_a_bad_answer_or_none_good_ones_are_watched_until_they_have_held(bad: float | None) -> None:
    spec = gauge(band("< 500", for_s=10))
    samples = [sample(0, 1), sample(5, bad), *(sample(5 * i, 1) for i in range(2, 5))]
    assert run(spec, samples) == [SETTLING, NO_DATA if bad is None else WATCH, WATCH, WATCH, OK]
    # What nobody asked for is no answer that was bad, and what was bad before the ok is over.
    assert run(spec, [*samples, sample(100, 1)])[-1] is SETTLING


@pytest.mark.parametrize(
    ("ok", "settling"),
    [(band("< 5", samples=3), "2 of 3 answers"), (band("< 5", times=4), "2 of 4 in a row")],
)
def test_too_few_answers_are_settling_too(ok: Band, settling: str) -> None:
    seen = read(gauge(ok), [sample(0, 1), sample(5, 1)])
    assert (seen.level, seen.settling) == (SETTLING, settling)


@pytest.mark.parametrize(
    ("value", "error", "why"),
    [
        (None, "connection refused", "connection refused"),
        (None, "", "no value, and no reason given"),
        (math.nan, "", "the answer is not a number (NaN)"),
        (math.inf, "", "the answer is infinite"),
        (-math.inf, "", "the answer is infinite"),
    ],
)
def test_what_is_no_number_is_no_data_in_words(value: float | None, error: str, why: str) -> None:
    seen = read(gauge(band("< 500")), [sample(0, 1), sample(5, value, error)])
    assert (seen.level, seen.why, seen.value) == (NO_DATA, why, None)


def test_stale_comes_after_two_intervals_but_never_while_an_answer_may_be_in_time() -> None:
    spec = gauge(band("< 500"))
    assert stale_after_s(spec) == 10
    assert stale_after_s(replace(spec, every_s=1, timeout_s=3)) == 4
    assert read(spec, [sample(0, 212)], 10).level is OK
    seen = read(spec, [sample(0, 212)], 34)
    assert (seen.level, seen.why) == (STALE, "no answer for 34 s, the last was: 212 ms")
    assert (seen.age_s, seen.in_level_s) == (34, 24)


def test_no_data_stays_no_data_and_tells_its_age_when_it_is_asked_less_often() -> None:
    lost = [sample(0, 212), sample(5, None, "no such host")]
    seen = read(gauge(band("< 500")), lost, 15)
    assert (seen.level, seen.why) == (NO_DATA, "no such host")
    seen = read(gauge(band("< 500")), lost, 32.5)
    assert (seen.level, seen.why) == (NO_DATA, "no such host, 28 s ago")
    assert (seen.age_s, seen.in_level_s) == (27.5, 27.5)


def test_before_the_first_answer() -> None:
    seen = reading(gauge(band("< 500")), State(), 1000)
    assert (seen.level, seen.why, seen.age_s) == (NO_DATA, "no answer yet", None)


@pytest.mark.parametrize(
    ("spec", "samples", "why"),
    [
        (gauge(band("< 500")), [sample(0, 212)], "212 ms, ok is < 500"),
        (gauge(), [sample(0, 212)], "212 ms, no limit set"),
        (gauge(None, band("> 5")), [sample(0, 9)], "9 ms, breach is > 5"),
        (
            gauge(band("< 0.1"), band("> 5", for_s=300), unit="%"),
            [replace(sample(0, 0.42), hits=2, total=476)],
            "0.42 % (2 of 476), ok is < 0.1",
        ),
        (
            gauge(band("< 500", for_s=60)),
            [sample(5 * i, 212) for i in range(9)],
            "212 ms, ok is < 500, ok for 40 s of 1 min",
        ),
        (
            gauge(band("< 500", times=3)),
            [sample(0, 1), sample(5, 1), sample(10, 1), sample(15, 612)],
            "612 ms, ok is < 500, not ok 1 of 3 in a row",
        ),
        (
            gauge(band("= 1"), band("= 0", for_s=900), measure="up", unit=""),
            [sample(5 * i, 0, "connection refused") for i in range(49)],
            "down: connection refused, ok is = 1, breach = 0 for 4 min of 15 min",
        ),
    ],
)
def test_the_reason_in_words(spec: GaugeSpec, samples: list[Sample], why: str) -> None:
    assert read(spec, samples).why == why


def test_time_in_level_is_kept_while_the_level_stays() -> None:
    spec = gauge(band("< 500"))
    assert read(spec, [sample(0, 900), sample(5, 900)], 7).in_level_s == 7
    assert read(spec, [sample(0, 900), sample(5, 900), sample(10, 1)], 12).in_level_s == 2
    lost = [sample(0, 1), sample(5, None, "timed out"), sample(10, None, "connection refused")]
    assert read(spec, lost, 12).in_level_s == 7


def test_an_answer_from_the_past_is_ignored() -> None:
    spec = gauge(band("< 500"))
    seen = read(spec, [sample(10, 1), sample(5, 900)], 10)
    assert (seen.level, seen.value) == (OK, 1)


VALUES = st.one_of(st.none(), st.sampled_from([0.0, 1.0, 4.0, 6.0, 9.0, math.nan, math.inf, -math.inf]))
STEPS = st.lists(st.tuples(st.sampled_from([0.0, 1.0, 5.0, 9.9, 10.0, 10.1, 60.0]), VALUES), max_size=40)
BANDS = st.builds(
    lambda op, limit, for_s, times, samples: band(f"{op} {limit}", for_s, times, samples),
    st.sampled_from(["<", "<=", ">", ">=", "=", "!="]),
    st.sampled_from([1, 5]),
    st.sampled_from([0, 5, 20]),
    st.integers(1, 4),
    st.integers(0, 4),
)


def at_steps(steps: list[tuple[float, float | None]]) -> list[Sample]:
    samples, mono_s = [], 0.0
    for step_s, value in steps:
        mono_s += step_s
        samples.append(sample(mono_s, value))
    return samples


@given(STEPS, st.none() | BANDS, st.none() | BANDS, st.floats(0, 100))
def test_only_a_fresh_number_has_a_level(
    steps: list[tuple[float, float | None]], ok: Band | None, breach: Band | None, later_s: float
) -> None:
    spec, samples = gauge(ok, breach), at_steps(steps)
    state = State()
    for each in samples:
        state = advance(spec, state, each)
    mono_s = (samples[-1].mono_s if samples else 0.0) + later_s
    seen = reading(spec, state, mono_s)
    last = samples[-1] if samples else None
    is_number = last is not None and last.value is not None and math.isfinite(last.value)
    if last is None or not is_number:
        assert seen.level is NO_DATA
    elif mono_s - last.mono_s > stale_after_s(spec):
        assert seen.level is STALE
    else:
        assert seen.level in (OK, WATCH, BREACH, SETTLING)
        assert bool(seen.settling) is (seen.level is SETTLING)
        assert not (seen.level is OK and breach is not None and breach.limit.holds(last.value or 0.0))
    assert seen.why


def earned(spec: GaugeSpec, samples: list[Sample], levels: list[Level]) -> bool:
    """Whether each step to ok stands on an unbroken run of good answers that is as long as the band asks."""
    assert spec.ok is not None
    for now, (before, after) in enumerate(zip([NO_DATA, *levels], levels, strict=False)):
        if before is OK or after is not OK:
            continue
        first = now
        while first > 0 and _follows(spec, samples[first - 1], samples[first]):
            first -= 1
        is_long = samples[now].mono_s - samples[first].mono_s >= spec.ok.for_s
        if not (is_long and now - first + 1 >= spec.ok.times and _is_good(spec, samples[now])):
            return False
    return True


def _is_good(spec: GaugeSpec, one: Sample) -> bool:
    is_number = one.value is not None and math.isfinite(one.value)
    return is_number and spec.ok is not None and spec.ok.limit.holds(one.value or 0.0)


def _follows(spec: GaugeSpec, one: Sample, two: Sample) -> bool:
    return _is_good(spec, one) and two.mono_s - one.mono_s <= stale_after_s(spec)


@given(STEPS, BANDS, st.none() | BANDS)
def test_settling_is_another_word_for_watch_and_never_for_anything_worse(
    steps: list[tuple[float, float | None]], ok: Band, breach: Band | None
) -> None:
    """Beside an engine that was bad before it began: settling stands only where that one watches, and only behind
    answers that were all good since the last ok or the start. Nothing turns ok any earlier."""
    spec, settles, suspects = gauge(ok, breach), State(), State(has_been_bad=True)
    is_clean = True
    for each in at_steps(steps):
        settles, suspects = advance(spec, settles, each), advance(spec, suspects, each)
        is_number = each.value is not None and math.isfinite(each.value)
        is_past = breach is not None and breach.limit.holds(each.value or 0.0)
        is_clean = is_clean and is_number and not is_past and ok.limit.holds(each.value or 0.0)
        if settles.level is SETTLING:
            assert is_clean
            assert suspects.level in (WATCH, SETTLING)
        else:
            assert suspects.level is settles.level
        is_clean = is_clean or (
            settles.level is OK and is_number and ok.limit.holds(each.value or 0.0) and not is_past
        )


@given(STEPS, BANDS)
def test_ok_is_earned_by_answers_without_a_gap(steps: list[tuple[float, float | None]], ok: Band) -> None:
    spec, samples = gauge(replace(ok, samples=0)), at_steps(steps)
    assert earned(spec, samples, run(spec, samples))


def test_the_check_for_earned_levels_can_fail() -> None:
    """An engine that is blind to gaps earns ok over a silence of a minute, and is found out."""
    spec = gauge(band("< 5", for_s=20))
    samples = [sample(0, 1), sample(60, 1)]
    blind = replace(spec, timeout_s=3600)
    assert not earned(spec, samples, run(blind, samples))


@given(STEPS, BANDS, BANDS, st.lists(st.integers(-10_000, 10_000), min_size=40, max_size=40))
def test_the_wall_clock_plays_no_part(
    steps: list[tuple[float, float | None]], ok: Band, breach: Band, jumps: list[int]
) -> None:
    spec, samples = gauge(ok, breach), at_steps(steps)
    jumped = [replace(s, at=s.at + timedelta(seconds=j)) for s, j in zip(samples, jumps, strict=False)]
    assert run(spec, samples) == run(spec, jumped)


@given(STEPS, BANDS)
def test_time_alone_only_makes_stale(steps: list[tuple[float, float | None]], ok: Band) -> None:
    spec, state = gauge(ok), State()
    for each in at_steps(steps):
        state = advance(spec, state, each)
    for mono_s in (0.0, 1e3, 1e6):
        assert level_at(spec, state, mono_s) in (state.level, STALE)
