"""Explanations read the warehouse as it was published: the same answer before, while and after a run writes."""

import errno
import shutil
from pathlib import Path

import duckdb
import pytest

from connectors.common.errors import UserError
from orchestration.cli.explaining.command import readable_database
from orchestration.settings import Settings, load_settings
from serving import explain_line, publish
from tests.unit.serving.warehouse import ID_CLOSING


@pytest.fixture
def home(computed: Path, tmp_path: Path) -> Settings:
    """A home with a warehouse that is published."""
    settings = load_settings(home=tmp_path / "home")
    settings.home.mkdir()
    shutil.copyfile(computed, settings.warehouse)
    _publish(settings, "r1")
    return settings


def _publish(settings: Settings, run_id: str) -> str:
    made = publish(
        settings.warehouse,
        settings.published,
        publication={"run_id": run_id},
        explained=settings.explained,
    )
    return made.publication_id


def _kept(settings: Settings) -> list[str]:
    return sorted(folder.name for folder in settings.explained.iterdir())


def test_a_line_is_explained_the_same_while_a_run_writes(home: Settings) -> None:
    before = explain_line(readable_database(home), ID_CLOSING)
    assert before.sources[0].location == "deals.csv:3"
    with duckdb.connect(str(home.warehouse)) as writer:
        writer.execute("delete from marts.fct_payout_lines")
        with pytest.raises(UserError, match="cannot be opened"):
            explain_line(home.warehouse, ID_CLOSING)
        assert explain_line(readable_database(home), ID_CLOSING) == before
    assert explain_line(readable_database(home), ID_CLOSING) == before


def test_only_the_copy_of_the_current_publication_is_kept(home: Settings) -> None:
    first = _kept(home)
    (home.explained / ".unfinished-1").mkdir()  # of a run that was killed
    with duckdb.connect(str(home.warehouse)) as writer:
        writer.execute(f"update marts.fct_payout_lines set amount = 21 where line_id = '{ID_CLOSING}'")
    assert explain_line(readable_database(home), ID_CLOSING).line["amount"] == "20.00"
    current = _publish(home, "r2")
    assert _kept(home) == [current] != first
    assert explain_line(readable_database(home), ID_CLOSING).line["amount"] == "21.00"


def test_a_publication_without_a_copy_is_explained_from_the_warehouse(home: Settings) -> None:
    shutil.rmtree(home.explained)
    assert readable_database(home) == home.warehouse
    _publish(home, "r1")
    assert readable_database(home).parent.parent == home.explained


def test_half_a_copy_is_not_left_on_a_full_disk(home: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_source: Path, target: Path) -> None:
        target.write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device", str(target))

    before, current = _kept(home), home.snapshot.resolve()
    with duckdb.connect(str(home.warehouse)) as writer:
        writer.execute("update marts.fct_payout_lines set amount = 22")
    monkeypatch.setattr("serving.publication.explained.copy_warehouse", full)
    with pytest.raises(OSError, match="No space left"):
        _publish(home, "r2")
    assert (_kept(home), home.snapshot.resolve()) == (before, current)
