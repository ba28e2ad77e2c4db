"""Publication: repeatable bytes, an atomic swap, and nothing half-written to be seen."""

import importlib
import json
import signal
import subprocess
import sys
import threading
from pathlib import Path

import duckdb
import pytest

from serving import DatabaseMissingError, PublicationError, current_publication, publish
from serving.publication import versions
from tests.unit.serving import warehouse as tiny

MODULE = importlib.import_module(
    "serving.publication.publish"
)  # the package exports the function of the same name
RUN = {"run_id": "r1", "code_version": "c1", "loads": ["abc"]}


def parquet(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.parquet")}


def amount_of(database: Path) -> str:
    with duckdb.connect(str(database), read_only=True) as reader:
        return str(reader.execute("select sum(amount) from marts.fct_payout_lines").fetchone()[0])


def stamp(path: Path, value: int) -> Path:
    """A warehouse whose two marts carry the same stamp."""
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts")
        for mart in ("left_mart", "right_mart"):
            connection.execute(
                f"create table marts.{mart} as select {value} as stamp, i from range(1000) as t(i)"
            )
    return path


def test_marts_are_published_by_period_as_tables_and_as_a_snapshot(computed: Path, tmp_path: Path) -> None:
    target = tmp_path / "published"
    report = publish(computed, target, publication=RUN)
    assert report.is_new
    assert report.folder == current_publication(target)
    assert report.periods == ("2026-10", "2026-11")
    october = duckdb.read_parquet(
        str(target / "current/fct_payout_lines/period=2026-10/fct_payout_lines.parquet")
    )
    assert october.aggregate("count(*), sum(amount)").fetchone() == (2, 50)
    assert (target / "current/dim_employee/dim_employee.parquet").is_file()
    assert amount_of(target / "incentives.duckdb") == "45.00"
    with duckdb.connect(str(target / "incentives.duckdb"), read_only=True) as reader:
        schemas = reader.execute("select distinct table_schema from information_schema.tables").fetchall()
        assert schemas == [("marts",)]
        assert reader.execute("select count(*) from marts.fct_empty").fetchone() == (0,)


def test_the_manifest_names_files_rows_plans_and_run_and_no_time(computed: Path, tmp_path: Path) -> None:
    target = tmp_path / "published"
    report = publish(computed, target, publication=RUN)
    manifest = json.loads((target / "manifest.json").read_text())
    assert manifest["publication"] == RUN
    assert manifest["publication_id"] == report.publication_id
    assert manifest["plans"] == {"p1": "h1"}
    assert manifest["marts"]["fct_payout_lines"] == 3
    assert manifest["marts"]["fct_empty"] == 0
    assert set(manifest["files"]) == set(parquet(target.joinpath("current").resolve()))
    assert not any("time" in key or key.endswith("_at") for key in manifest)


def test_the_same_data_give_the_same_bytes_whatever_their_order(tmp_path: Path) -> None:
    shuffled = "create or replace table marts.{0} as select * from marts.{0} order by random()"
    first = tiny.build(tmp_path / "one.duckdb")
    second = tiny.build(
        tmp_path / "two.duckdb", shuffled.format("fct_payout_lines"), shuffled.format("fct_provenance")
    )
    one = publish(first, tmp_path / "a", publication=RUN)
    two = publish(second, tmp_path / "b", publication=RUN)
    assert one.publication_id == two.publication_id
    assert parquet(one.folder) == parquet(two.folder)


def test_publishing_the_same_again_changes_nothing(computed: Path, tmp_path: Path) -> None:
    target = tmp_path / "published"
    first = publish(computed, target, publication=RUN)
    files = {path: path.stat().st_mtime_ns for path in first.folder.rglob("*") if path.is_file()}
    second = publish(computed, target, publication=RUN)
    assert not second.is_new
    assert second.publication_id == first.publication_id
    assert {path: path.stat().st_mtime_ns for path in files} == files
    assert len(list((target / "versions").iterdir())) == 1


@pytest.mark.parametrize("name", ["dim_employee/dim_employee.parquet", "manifest.json"])
def test_a_damaged_version_is_written_anew(computed: Path, tmp_path: Path, name: str) -> None:
    target = tmp_path / "published"
    folder = publish(computed, target, publication=RUN).folder
    broken = folder / name
    broken.chmod(0o644)
    broken.write_bytes(b"rot")
    publish(computed, target, publication=RUN)
    assert duckdb.read_parquet(str(target / "current/dim_employee/dim_employee.parquet")).shape == (2, 2)


@pytest.mark.parametrize("step", ["export_marts", "write_manifest", "complete", "make_current"])
def test_a_publication_that_dies_on_the_way_leaves_the_old_one(
    computed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    target = tmp_path / "published"
    publish(computed, target, publication=RUN)
    with duckdb.connect(str(computed)) as writer:
        writer.execute("update marts.fct_payout_lines set amount = amount + 1")

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(MODULE, step, die)
        with pytest.raises(KeyboardInterrupt):
            publish(computed, target, publication=RUN)
    assert amount_of(target / "incentives.duckdb") == "45.00"
    publish(computed, target, publication=RUN)
    assert amount_of(target / "incentives.duckdb") == "48.00"
    assert not [path for path in target.rglob("*") if "unfinished" in path.name]


def test_a_killed_publication_leaves_the_old_one(computed: Path, tmp_path: Path) -> None:
    target = tmp_path / "published"
    publish(computed, target, publication=RUN)
    with duckdb.connect(str(computed)) as writer:
        writer.execute("update marts.fct_payout_lines set amount = amount + 1")
    code = (
        "import os, signal, sys; from pathlib import Path; import serving, serving.publication.versions as versions\n"
        "versions._to_disk = lambda folder: os.kill(os.getpid(), signal.SIGKILL)\n"
        "serving.publish(Path(sys.argv[1]), Path(sys.argv[2]), publication={'run_id': 'r1'})"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(computed), str(target)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert amount_of(target / "incentives.duckdb") == "45.00"
    assert [path for path in (target / "versions").iterdir() if "unfinished" in path.name]
    publish(computed, target, publication=RUN)
    assert amount_of(target / "incentives.duckdb") == "48.00"
    assert not [path for path in (target / "versions").iterdir() if "unfinished" in path.name]


def test_readers_never_see_a_mixture_while_versions_are_swapped(tmp_path: Path) -> None:
    warehouses = [stamp(tmp_path / f"w{number}.duckdb", number) for number in range(versions.KEPT)]
    target = tmp_path / "published"
    publish(warehouses[0], target, publication={})
    seen: list[set[int]] = []
    failures: list[Exception] = []

    def read() -> None:
        try:
            for _ in range(5):
                folder = current_publication(target)
                assert folder is not None
                with duckdb.connect(str(folder / "incentives.duckdb"), read_only=True) as reader:
                    rows = reader.execute(
                        "select stamp from marts.left_mart union all select stamp from marts.right_mart"
                    ).fetchall()
                assert len(rows) == 2000
                seen.append({value for (value,) in rows})
        except Exception as failure:  # noqa: BLE001 - whatever it is, the test has to fail
            failures.append(failure)

    readers = [threading.Thread(target=read) for _ in range(10)]
    for reader in readers:
        reader.start()
    for warehouse in warehouses[1:]:
        publish(warehouse, target, publication={})
    for reader in readers:
        reader.join()
    assert failures == []
    assert len(seen) == 50
    assert all(len(stamps) == 1 for stamps in seen)


def test_only_the_latest_versions_are_kept_and_the_current_one_always(tmp_path: Path) -> None:
    warehouses = [stamp(tmp_path / f"w{number}.duckdb", number) for number in range(5)]
    target = tmp_path / "published"
    reports = [publish(warehouse, target, publication={}) for warehouse in warehouses]
    back = publish(warehouses[2], target, publication={})
    assert back.publication_id == reports[2].publication_id
    kept = {path.name for path in (target / "versions").iterdir()}
    assert kept == {report.publication_id for report in reports[2:]}
    assert current_publication(target) == reports[2].folder.resolve()


def test_rows_lost_on_the_way_stop_the_publication(
    computed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from serving.publication.exports import export_marts

    monkeypatch.setattr(MODULE, "export_marts", lambda *paths: export_marts(*paths)[1:])
    with pytest.raises(PublicationError, match="exported"):
        publish(computed, tmp_path / "published", publication=RUN)
    assert current_publication(tmp_path / "published") is None


def test_rows_without_a_period_are_published_too(tmp_path: Path) -> None:
    warehouse = tiny.build(tmp_path / "w.duckdb", "insert into marts.fct_empty values (null, 1)")
    publish(warehouse, tmp_path / "published", publication=RUN)
    folder = tmp_path / "published/current/fct_empty"
    assert [path.name for path in folder.iterdir()] == ["period=__HIVE_DEFAULT_PARTITION__"]
    rows = duckdb.sql(f"select period, amount from read_parquet('{folder}/**/*.parquet')").fetchall()
    assert rows == [(None, 1)]


def test_links_of_the_former_layout_go(computed: Path, tmp_path: Path) -> None:
    target = tmp_path / "published"
    target.mkdir()
    for name in ("periods", "tables"):
        (target / name).symlink_to(Path("current") / name)
    publish(computed, target, publication=RUN)
    links = {path.name for path in target.iterdir() if path.is_symlink()}
    assert links == {"current", "incentives.duckdb", "manifest.json"}


def test_a_period_that_is_no_folder_name_is_refused(tmp_path: Path) -> None:
    warehouse = tiny.build(tmp_path / "w.duckdb", "insert into marts.fct_empty values ('../..', 1)")
    with pytest.raises(PublicationError, match="period"):
        publish(warehouse, tmp_path / "published", publication=RUN)


def test_nothing_to_publish_is_said(tmp_path: Path) -> None:
    with pytest.raises(DatabaseMissingError, match="incentives run"):
        publish(tmp_path / "none.duckdb", tmp_path / "published", publication=RUN)
    duckdb.connect(str(tmp_path / "empty.duckdb")).close()
    with pytest.raises(PublicationError, match="no marts"):
        publish(tmp_path / "empty.duckdb", tmp_path / "published", publication=RUN)
