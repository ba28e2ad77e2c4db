"""Moodle's REST web services as far as an extraction needs them: four functions, errors as exceptions in an HTTP 200.

Belongs here: that protocol. Does not belong here: records.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from demo.simulators.server import Answer, Asked, Records, Simulator

_SITE = {"id": 1, "shortname": "site", "fullname": "The site itself", "format": "site"}


class MoodleSimulator(Simulator):
    """A site that holds `courses`, `enrolments`, `completions` and `grades`, each but the first with its `courseid`.

    Args:
        records: Those; completions and grades have a `userid`, a user without completion has none.
        token: Of the web service.
    """

    def __init__(self, records: Records, token: str = "simulated-token") -> None:
        super().__init__(records)
        self.token = token

    def answer(self, asked: Asked) -> Answer:
        """One function."""
        form = asked.form
        if asked.path != "/webservice/rest/server.php" or form.get("moodlewsrestformat") != "json":
            return Answer(b"<?xml version='1.0'?><EXCEPTION/>", headers={"Content-Type": "application/xml"})
        if form.get("wstoken") != self.token:
            return _error("invalidtoken", "Invalid token - token not found")
        functions: dict[str, Callable[[dict[str, str]], Any]] = {
            "core_course_get_courses": lambda _: [_SITE, *self.records["courses"]],
            "core_enrol_get_enrolled_users": self._enrolled,
            "core_completion_get_course_completion_status": self._completion,
            "gradereport_user_get_grade_items": self._grades,
        }
        function = functions.get(form.get("wsfunction", ""))
        if function is None:
            return _error("invalidrecord", "Can't find data record in database table external_functions.")
        found = function(form)
        return found if isinstance(found, Answer) else Answer(found)

    def _of(self, kind: str, form: dict[str, str]) -> list[dict[str, Any]]:
        return [row for row in self.records[kind] if str(row["courseid"]) == form["courseid"]]

    def _enrolled(self, form: dict[str, str]) -> list[dict[str, Any]]:
        return [
            {name: row[name] for name in row if name != "courseid"} for row in self._of("enrolments", form)
        ]

    def _completion(self, form: dict[str, str]) -> Any:
        mine = [row for row in self._of("completions", form) if str(row["userid"]) == form["userid"]]
        if not mine:
            return _error("nocriteriaset", "No criteria set for this course")
        status = {name: mine[0][name] for name in ("completed", "aggregation", "completions")}
        return {"completionstatus": status, "warnings": []}

    def _grades(self, form: dict[str, str]) -> dict[str, Any]:
        return {"usergrades": self._of("grades", form), "warnings": []}


def _error(code: str, message: str) -> Answer:
    return Answer({"exception": "moodle_exception", "errorcode": code, "message": message})
