"""What a landing step takes: one ordered folder, or what has newly arrived in the inbox."""

from pathlib import Path

import pytest

from orchestration import landing
from orchestration.assets.files import Delivery
from orchestration.landing import Order, land, orders_of_inbox
from orchestration.running import PayOrder, run_config
from orchestration.settings import Settings, load_settings

NOW = 4_000_000_000.0


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(home=tmp_path)


@pytest.fixture
def landed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the folders that would have been landed."""
    names: list[str] = []
    monkeypatch.setattr(landing, "prepare_raw_layer", lambda _settings: None)
    monkeypatch.setattr(landing, "land_order", lambda _settings, order: names.append(order.folder.name))
    return names


def _deliver(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True)
    (folder / "deals.csv").write_text(text, encoding="utf-8")
    (folder / "_READY").touch()
    return folder


def test_without_an_order_the_inbox_is_landed_by_name(settings: Settings, landed: list[str]) -> None:
    for name in ("b", "a"):
        _deliver(settings.inbox / name, name)
    land(settings, None)
    assert landed == ["a", "b"]


def test_what_was_landed_from_the_inbox_is_not_landed_again(settings: Settings, landed: list[str]) -> None:
    first = _deliver(settings.inbox / "first", "a")
    land(settings, Order(first))
    _deliver(settings.inbox / "second", "b")
    land(settings, None)
    assert landed == ["first", "second"]
    assert orders_of_inbox(settings, NOW) == []


def test_a_folder_of_the_inbox_that_changed_is_landed_again(settings: Settings, landed: list[str]) -> None:
    folder = _deliver(settings.inbox / "monthly", "a")
    land(settings, None)
    (folder / "deals.csv").write_text("corrected", encoding="utf-8")
    land(settings, None)
    assert landed == ["monthly", "monthly"]


def test_a_folder_outside_the_inbox_leaves_no_receipt(
    settings: Settings, landed: list[str], tmp_path: Path
) -> None:
    land(settings, Order(_deliver(tmp_path / "elsewhere", "a")))
    assert landed == ["elsewhere"]
    assert not (settings.reports / "inbox").exists()


def test_the_order_of_the_command_line_reaches_the_step_as_it_was_given(tmp_path: Path) -> None:
    order = PayOrder(tmp_path / "d", tmp_path / "m.yml", snapshot=True, allow_shrink=True, as_of="2026-10-31")
    config = run_config(order, "Europe/Berlin")["ops"]
    assert Delivery(**config["files"]["config"]).order() == Order(
        tmp_path / "d", tmp_path / "m.yml", snapshot=True, allow_shrink=True, timezone="Europe/Berlin"
    )
    assert config["dbt"]["config"] == {"as_of": "2026-10-31"}
    assert Delivery().order() is None
