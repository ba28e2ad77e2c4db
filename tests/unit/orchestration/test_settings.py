"""Settings: one variable chooses the environment, and what is wrong is named together with what is right."""

import os
from pathlib import Path

import pytest
import yaml

from orchestration.errors import InputError
from orchestration.runtime.processors import SIDE_BY_SIDE
from orchestration.settings import ROOT, load_settings


def test_an_unknown_environment_is_refused_with_the_valid_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INCENTIVES_ENV", "production")
    with pytest.raises(InputError, match=r"INCENTIVES_ENV is 'production'; valid names are dev, ci, prod"):
        load_settings()


def test_an_unknown_time_zone_is_refused_with_an_example(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INCENTIVES_TIMEZONE", "Peking")
    with pytest.raises(InputError, match=r"INCENTIVES_TIMEZONE is 'Peking'.*Asia/Shanghai"):
        load_settings()


def test_the_home_is_var_beside_the_code_unless_said_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INCENTIVES_HOME", raising=False)
    assert load_settings().home == ROOT / "var"


def test_a_relative_home_counts_from_the_working_directory(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("INCENTIVES_HOME", "there")
    settings = load_settings()
    assert settings.warehouse == tmp_path / "there" / "warehouse.duckdb"
    assert not settings.home.exists(), "reading settings makes nothing"


@pytest.mark.parametrize("sign", ["?", "#", "$", "\n", "\x1b", "\u202e"])
def test_a_home_that_the_engines_would_misread_is_refused_at_once(
    monkeypatch: pytest.MonkeyPatch, sign: str
) -> None:
    monkeypatch.setenv("INCENTIVES_HOME", f"pay{sign}2026")
    with pytest.raises(InputError, match="INCENTIVES_HOME") as caught:
        load_settings()
    assert f"has {sign!r} in its path" in str(caught.value)


@pytest.mark.parametrize("name", ["it's pay", 'a"b', "50%", "a;b", "a=b", "工资", "a[1]", "a*b"])
def test_other_signs_of_a_home_are_data(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("INCENTIVES_HOME", name)
    assert load_settings().home.name == name


def test_plan_folders_are_separated_like_any_path_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INCENTIVES_PLANS", os.pathsep.join(["plans", "demo/plans"]))
    assert load_settings().plans == (Path("plans"), Path("demo/plans"))


def test_a_memory_limit_without_a_unit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INCENTIVES_MEMORY_LIMIT", "much")
    with pytest.raises(InputError, match="INCENTIVES_MEMORY_LIMIT"):
        load_settings()
    monkeypatch.setenv("INCENTIVES_MEMORY_LIMIT", "1.5 GB")
    settings = load_settings()
    assert (settings.memory_limit, settings.duckdb_memory) == ("1.5 GB", "894MiB")


@pytest.mark.parametrize(
    ("limit", "duckdb"),
    [
        ("512MiB", "320MiB"),
        ("4GiB", "2560MiB"),
        ("5GiB", "3584MiB"),
        ("6GiB", "4608MiB"),
        ("12GiB", "9216MiB"),
    ],
)
def test_what_duckdb_does_not_count_has_room_beside_it(
    monkeypatch: pytest.MonkeyPatch, limit: str, duckdb: str
) -> None:
    monkeypatch.setenv("INCENTIVES_MEMORY_LIMIT", limit)
    assert load_settings().duckdb_memory == duckdb


def test_half_of_the_memory_is_taken_unless_said_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INCENTIVES_MEMORY_LIMIT", raising=False)
    limit = load_settings().memory_limit
    assert limit.endswith("MiB")
    physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1024**2
    assert 0 < int(limit.removesuffix("MiB")) <= physical // 2
    assert load_settings().memory_limit == limit, "another limit would have dbt parse its project anew"


def test_duckdb_has_one_thread_less_than_processors_unless_said_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("INCENTIVES_DUCKDB_THREADS", raising=False)
    for processors, threads in ((1, 1), (2, 1), (8, 7)):
        monkeypatch.setattr(os, "cpu_count", lambda found=processors: found)
        assert load_settings().duckdb_threads == threads
    monkeypatch.setenv("INCENTIVES_DUCKDB_THREADS", "3")
    assert load_settings().duckdb_threads == 3
    monkeypatch.setenv("INCENTIVES_DUCKDB_THREADS", "0")
    with pytest.raises(InputError, match="INCENTIVES_DUCKDB_THREADS"):
        load_settings()


def test_as_many_models_are_computed_side_by_side_as_the_profile_says() -> None:
    profile = yaml.safe_load((load_settings().dbt_project / "profiles.yml").read_text(encoding="utf-8"))
    assert profile["incentives"]["outputs"]["dev"]["threads"] == SIDE_BY_SIDE


def test_intermediate_tables_lie_in_memory_or_in_the_file_that_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("INCENTIVES_INTERMEDIATES", raising=False)
    assert load_settings().intermediates == ":memory:"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("INCENTIVES_INTERMEDIATES", "kept.duckdb")
    assert load_settings().intermediates == str(tmp_path / "kept.duckdb")
