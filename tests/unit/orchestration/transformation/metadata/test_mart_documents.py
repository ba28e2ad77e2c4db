"""What the publication is told of the marts: descriptions, and keys and NOT NULL where a test stops the run."""

from typing import Any

from orchestration.transformation.metadata.mart_documents import documents_of


def _column(description: str, *constraints: str) -> dict[str, Any]:
    return {"description": description, "constraints": [{"type": one} for one in constraints]}


def _test(name: str, severity: str = "error", where: str | None = None, **arguments: Any) -> dict[str, Any]:
    return {
        "resource_type": "test",
        "attached_node": "model.fct",
        "config": {"severity": severity, "where": where},
        "test_metadata": {"name": name, "kwargs": arguments},
    }


def _manifest(*tests: dict[str, Any]) -> dict[str, Any]:
    model = {
        "resource_type": "model",
        "name": "fct",
        "access": "public",
        "description": "Rows,\n  one each.\n",
        "columns": {"a": _column("A\nb.", "not_null"), "b": _column("B."), "c": _column("")},
    }
    hidden = model | {"name": "int_fct", "access": "protected"}
    nodes = {"model.fct": model, "model.int": hidden} | {f"test.{n}": test for n, test in enumerate(tests)}
    return {"nodes": nodes}


def test_public_marts_are_described_in_one_line() -> None:
    documents = documents_of(_manifest())
    assert list(documents) == ["fct"]
    assert documents["fct"].description == "Rows, one each."
    assert documents["fct"].columns == {"a": "A b.", "b": "B.", "c": ""}
    assert documents["fct"].required == {"a"}
    assert documents["fct"].primary_key == ()


def test_a_grain_without_null_is_the_primary_key() -> None:
    key = _test("unique_combination", columns=["a", "b"])
    assert documents_of(_manifest(key))["fct"].primary_key == ()
    for never in (_test("never_null", columns=["b", "c"]), _test("not_null", column_name="b")):
        assert documents_of(_manifest(key, never))["fct"].primary_key == ("a", "b")
    key = documents_of(_manifest(_test("primary_key", columns=["b"])))["fct"]
    assert key.primary_key == ("b",)
    assert key.required == {"a", "b"}
    view = _manifest()
    view["nodes"]["model.fct"]["constraints"] = [{"type": "primary_key", "columns": ["a"]}]
    assert documents_of(view)["fct"].primary_key == ("a",)


def test_tests_that_warn_or_look_at_some_rows_promise_nothing() -> None:
    for weak in ({"severity": "warn"}, {"where": "a > 1"}):
        assert documents_of(_manifest(_test("primary_key", columns=["a"], **weak)))["fct"].primary_key == ()
