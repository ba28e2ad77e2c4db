"""The identity of a calculation: the same inputs give the same run_id, any other input another one."""

from datetime import datetime
from itertools import combinations

import pytest

from orchestration.errors import InputError
from orchestration.transformation.run_identity import (
    NO_DATA,
    Inputs,
    identify,
    parse_as_of,
    refuse_other_zones,
)

INPUTS = Inputs(
    loads=("aaa", "bbb"),
    plans=("p1", "p2"),
    timezone="Asia/Shanghai",
    latest=datetime(2026, 10, 31, 15, 59, 59),  # noqa: DTZ001  # the warehouse holds naive UTC
)


def test_the_same_inputs_give_the_same_identity() -> None:
    assert identify(INPUTS, "code", "UTC") == identify(INPUTS, "code", "UTC")


def test_each_input_changes_the_run_id() -> None:
    variants = [
        identify(INPUTS, "code", "UTC"),
        identify(Inputs(("aaa",), ("p1", "p2"), "Asia/Shanghai", INPUTS.latest), "code", "UTC"),
        identify(Inputs(("bbb", "aaa"), ("p1", "p2"), "Asia/Shanghai", INPUTS.latest), "code", "UTC"),
        identify(Inputs(("aaa", "bbb"), ("p1", "p3"), "Asia/Shanghai", INPUTS.latest), "code", "UTC"),
        identify(Inputs(("aaa", "bbb"), ("p1", "p2"), "Europe/Berlin", INPUTS.latest), "code", "UTC"),
        identify(INPUTS, "other code", "UTC"),
        identify(INPUTS, "code", "UTC", as_of="2026-09-30"),
    ]
    assert all(one.run_id != other.run_id for one, other in combinations(variants, 2))
    assert all(len(one.run_id) == 16 and int(one.run_id, 16) >= 0 for one in variants)


def test_the_order_of_plans_does_not_matter() -> None:
    turned = Inputs(INPUTS.loads, ("p2", "p1"), INPUTS.timezone, INPUTS.latest)
    assert identify(turned, "code", "UTC").run_id == identify(INPUTS, "code", "UTC").run_id


def test_as_of_is_the_latest_business_time_of_the_data() -> None:
    assert identify(INPUTS, "code", "UTC").as_of == "2026-10-31 15:59:59"


def test_without_facts_as_of_is_the_beginning_of_time() -> None:
    assert identify(Inputs((), (), None, None), "code", "UTC").as_of == NO_DATA


def test_the_time_zone_of_the_plans_wins_over_the_setting() -> None:
    assert identify(INPUTS, "code", "UTC").timezone == "Asia/Shanghai"
    assert identify(Inputs((), (), None, None), "code", "UTC").timezone == "UTC"


@pytest.mark.parametrize(
    ("given", "utc"),
    [
        ("2026-10-31T23:59:59+08:00", "2026-10-31 15:59:59"),
        ("2026-10-31T23:59:59", "2026-10-31 15:59:59"),
        ("2026-10-31", "2026-10-31 15:59:59.999999"),
        ("20261031", "2026-10-31 15:59:59.999999"),
        ("2026-10-31T15:59:59.999Z", "2026-10-31 15:59:59.999000"),
        ("2026-10-31T00:00:00Z", "2026-10-31 00:00:00"),
    ],
)
def test_an_as_of_without_offset_is_in_the_time_zone_of_the_plans(given: str, utc: str) -> None:
    assert parse_as_of(given, "Asia/Shanghai") == utc


def test_the_latest_fact_keeps_its_milliseconds() -> None:
    inputs = Inputs((), (), None, datetime(2026, 2, 28, 15, 59, 59, 999_000))  # noqa: DTZ001
    assert identify(inputs, "code", "UTC").as_of == "2026-02-28 15:59:59.999000"


def test_plans_of_another_zone_than_a_delivery_refuse_and_say_how_to_land_again() -> None:
    inputs = Inputs((), (), "Asia/Shanghai", None, other_zones=(("000001-abc", "UTC"),))
    with pytest.raises(InputError, match=r"000001-abc in UTC.*Land the same files again"):
        refuse_other_zones(inputs)
    refuse_other_zones(INPUTS)


@pytest.mark.parametrize("text", ["yesterday", "2026-02-30", "0000-01-01", "9999-12-31T23:59:59-14:00"])
def test_an_as_of_that_is_impossible_is_bad_input(text: str) -> None:
    with pytest.raises(InputError, match="is not a valid ISO 8601 time"):
        parse_as_of(text, "UTC")


def test_an_as_of_that_is_no_time_is_bad_input() -> None:
    with pytest.raises(InputError, match=r"'yesterday' is not a valid ISO 8601 time"):
        parse_as_of("yesterday", "UTC")
