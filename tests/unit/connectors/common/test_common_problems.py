"""Errors say what, where and what to do, and carry the exit status."""

from connectors.common.problems import DeliveryRejected, ImportProblem, MappingProblem, closest


def test_a_problem_reads_as_place_problem_and_advice():
    problem = ImportProblem("it broke", where="a.csv:3", hint="mend it")
    assert str(problem) == "a.csv:3: it broke\n  What to do: mend it"
    assert str(ImportProblem("it broke")) == "it broke"
    expected = {"error": "ImportProblem", "what": "it broke", "where": "a.csv:3", "hint": "mend it"}
    assert problem.to_dict() == expected


def test_gates_end_with_status_1_and_bad_input_with_2():
    assert [kind.exit_code for kind in (DeliveryRejected, ImportProblem, MappingProblem)] == [1, 2, 2]


def test_the_nearest_name_is_offered_and_a_far_one_is_not():
    assert closest("DEALZ", ["deals", "leads"]) == "did you mean 'deals'? "
    assert closest("xyz", ["deals", "leads"]) == ""
