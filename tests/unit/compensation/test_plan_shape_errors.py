"""Each error of shape names file, line, key, what is wrong, allowed values and the closest one."""

from __future__ import annotations

import os

import pytest

CLOSING = "components:\n  - type: commission\n    pool: closing\n    rates: {marketing: 0.02}\n"

CASES = {
    "unknown key": ("compnents: []\n", 8, "compnents", "is an unknown key", "components"),
    "unknown key in a section": (
        "crediting:\n  attribution:\n    half_life_dayz: 7\n",
        10,
        "crediting.attribution.half_life_dayz",
        "is an unknown key",
        "half_life_days",
    ),
    "unknown key in a component": (
        CLOSING + "    cop: {amount: 5}\n",
        12,
        "components[0].cop",
        "is an unknown key",
        "cap",
    ),
    "unknown value": (
        "crediting:\n  attribution: {model: firts}\n",
        9,
        "crediting.attribution.model",
        "is an unknown value 'firts'",
        "first",
    ),
    "unknown deal source": (
        "components:\n  - {type: commission, pool: closing, rates: {marketng: 0.02}}\n",
        9,
        "components[0].rates.marketng",
        "is an unknown key",
        "marketing",
    ),
    "unknown component type": (
        "components:\n  - {type: poins}\n",
        9,
        "components[0].type",
        "is an unknown value 'poins'",
        "points",
    ),
    "component without type": ("components:\n  - {base: 1}\n", 9, "components[0].type", "is missing", None),
    "missing key": (
        "components:\n  - type: draw\n    amount: 3000\n",
        9,
        "components[0].recoverable",
        "is missing",
        None,
    ),
    "negative rate": (
        CLOSING.replace("0.02", "-0.02"),
        11,
        "components[0].rates.marketing",
        "must be at least 0, is -0.02",
        None,
    ),
    "rate above 1": (
        CLOSING.replace("0.02", "2"),
        11,
        "components[0].rates.marketing",
        "must be at most 1, is 2",
        None,
    ),
    "percent sign": (
        CLOSING.replace("0.02", "2%"),
        11,
        "components[0].rates.marketing",
        "must be a plain number: write 0.04 for 4 %",
        None,
    ),
    "no number": (
        "components:\n  - {type: points, base: many}\n",
        9,
        "components[0].base",
        "must be a number, is many",
        None,
    ),
    "infinite number": (
        "components:\n  - {type: points, base: .inf}\n",
        9,
        "components[0].base",
        "must be a number, is .inf",
        None,
    ),
    "too many decimal places": (
        "components:\n  - {type: points, point_value: 0.001}\n",
        9,
        "components[0].point_value",
        "must have at most 2 decimal places, is 0.001",
        None,
    ),
    "target of zero": (
        "components:\n  - {type: process_bonus, target: 0}\n",
        9,
        "components[0].target",
        "must be above 0, is 0",
        None,
    ),
    "duration without unit": (
        "crediting:\n  journey:\n    visited: 72\n",
        10,
        "crediting.journey.visited",
        "must be a duration like 72h or 14d (units s, m, h, d, w), is 72",
        None,
    ),
    "text that is a number": (
        "components:\n  - {type: points, departments: [5]}\n",
        9,
        "components[0].departments[0]",
        "must be text, is 5: put it in quotes",
        None,
    ),
    "whole number with a fraction": (
        "crediting:\n  deal_source: {protection_days: 180.5}\n",
        9,
        "crediting.deal_source.protection_days",
        "must be a whole number, is 180.5",
        None,
    ),
    "no boolean": (
        "components:\n  - {type: draw, amount: 1, recoverable: yes}\n",
        9,
        "components[0].recoverable",
        "must be true or false, is yes",
        None,
    ),
    "list in place of a mapping": ("crediting: [1]\n", 8, "crediting", "must be a mapping, is a list", None),
    "mapping in place of a list": ("components: {}\n", 8, "components", "must be a list, is a mapping", None),
    "key written twice": ("currency: USD\n", 8, "currency", "is written twice", None),
}


@pytest.mark.parametrize("name", CASES)
def test_an_error_of_shape_names_the_place(name, problems_of):
    body, line, key, message, closest = CASES[name]
    (problem,) = problems_of(body)
    assert (problem.file, problem.line, problem.key) == ("plans/a_plan.yml", line, key)
    assert problem.message == message
    assert problem.closest == closest
    if closest is not None:
        assert closest in problem.allowed


def test_allowed_values_are_listed(problems_of):
    (problem,) = problems_of("crediting: {basis: sold}\n")
    assert problem.allowed == ("signed", "invoiced", "collected")
    assert str(problem) == (
        "plans/a_plan.yml:8: crediting.basis: is an unknown value 'sold' (allowed: signed, invoiced, collected)"
    )


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "is empty"),
        ("- 1\n", 1, "must be a mapping of keys to values"),
        ("plan_id: a\n  title: b\n", 2, "is not valid YAML: mapping values are not allowed here"),
        ("plan_id: a\n---\nplan_id: b\n", 2, "is not valid YAML: but found another document"),
        ("plan_id: [1, 2\n", 2, "is not valid YAML: expected ',' or ']', but got '<stream end>'"),
    ],
)
def test_broken_yaml_is_an_error_with_its_line(text, line, message, plan_dir, load_errors):
    (plan_dir / "broken.yml").write_text(text, encoding="utf-8")
    (problem,) = load_errors()
    assert (problem.file, problem.line, problem.message) == ("plans/broken.yml", line, message)


def test_a_file_that_is_not_utf8_is_an_error(plan_dir, load_errors):
    (plan_dir / "gb.yml").write_bytes(b"plan_id: gb\ntitle: " + "方案".encode("gb18030"))
    (problem,) = load_errors()
    assert (problem.line, problem.message) == (2, "is not UTF-8 text")


def test_an_alias_that_contains_itself_is_an_error(problems_of):
    problems = problems_of("components: &all [*all]\n")
    assert "must not contain itself" in {problem.message for problem in problems}


@pytest.mark.parametrize("day", ["2026-02-30", "2026-1-1", "01.01.2026", "20260101"])
def test_an_impossible_date_is_an_error(day, problems_of):
    (problem,) = problems_of("", valid_from=day)
    assert (problem.line, problem.key) == (3, "valid_from")
    assert problem.message.startswith("must be a date like 2026-01-31, is ")


def test_all_errors_of_all_files_come_together(write_plan, load_errors):
    write_plan("typo: 1\n", plan_id="first")
    write_plan(
        "components:\n  - {type: points, base: -1}\n  - {type: draw, amount: 0, recoverable: true}\n",
        plan_id="second",
    )
    problems = load_errors()
    assert [(problem.file, problem.line) for problem in problems] == [
        ("plans/first.yml", 8),
        ("plans/second.yml", 9),
        ("plans/second.yml", 10),
    ]


def test_the_message_counts_and_lists_every_problem(write_plan, load_error):
    write_plan("typo: 1\n")
    lines = str(load_error()).splitlines()
    assert lines[0] == "1 problem in the plan files; nothing was loaded"
    assert lines[1].startswith("  plans/a_plan.yml:8: typo: is an unknown key (allowed: plan_id, title,")


def test_a_folder_that_does_not_exist_is_an_error(plan_dir, load_errors):
    plan_dir.rmdir()
    (problem,) = load_errors()
    assert problem.message == "does not exist"


def test_a_folder_without_plans_is_an_error(load_errors):
    (problem,) = load_errors()
    assert problem.message == "there is no plan file (*.yml) here"


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (os.mkfifo, "cannot be read: this is no regular file"),
        (lambda path: path.symlink_to("/dev/zero"), "cannot be read: this is no regular file"),
        (lambda path: path.mkdir(), "cannot be read: this is no regular file"),
        (lambda path: path.symlink_to(path.name), "cannot be read: Too many levels of symbolic links"),
        (
            lambda path: path.write_text("# 方案\n" * 200_000, encoding="utf-8"),
            "is larger than 1,000,000 bytes",
        ),
    ],
    ids=["pipe", "device", "folder", "link to itself", "large file"],
)
def test_what_is_no_readable_plan_file_is_refused_before_it_is_read(plan_dir, load_errors, make, said):
    make(plan_dir / "a_plan.yml")
    (problem,) = load_errors()
    assert problem.message == said
