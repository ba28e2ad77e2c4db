"""Fetching from Moodle: functions over one address, course by course, user by user, errors in an HTTP 200.

Belongs here: the configuration of dlt's client, which request depends on which answer, Moodle's words for errors. Does
not belong here: resources (`connectors.moodle`), anything about records once they came.

Requests are forms, so that the token stands in no address.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import requests

from connectors.sources.errors import SourceFailed
from connectors.sources.extraction.json_text import canonical
from connectors.sources.http.extractor import ALL, RestExtractor
from connectors.sources.http.parameter_sets import EachOf
from connectors.sources.http.session import Trouble
from connectors.sources.model import Wanted

_WORDS = {
    "invalidtoken": "the token is not valid",
    "accessexception": "the function is not in the token's service, or the user may not use it",
    "webservice_access_exception": "the function is not in the token's service, or the user may not use it",
    "servicenotavailable": "web services are switched off",
    "sitemaintenance": "the site is under maintenance",
    "nopermissions": "the user lacks a capability",
    "cannotviewreport": "the user may not see reports of a course",
    "invalidrecord": "a function is not known to the site",
}
#: a course without criteria, a user who left it since: nothing to tell, and no error
_NOTHING = {"nocriteriaset", "usernotenroled", "completionnotenabled", "notenroled"}
_AGAIN = {"dmlreadexception", "dmlwriteexception", "dbconnectionfailed", "ex_unabletolock"}
_ANY = 2  # aggregation: one criterion is enough
_PATH = "/webservice/rest/server.php"
_LIST = {
    "courses": ALL,
    "enrolments": ALL,
    "completions": "completionstatus",
    "grades": "usergrades",
}


class MoodleExtractor(RestExtractor):
    """Reads one site."""

    def base_url(self) -> str:
        """Address of the site."""
        return str(self.instance.connection.site_url)

    def make_auth(self) -> None:
        """The token stands in each form."""

    def endpoint(self, wanted: Wanted) -> dict[str, Any]:
        """One function, for whatever it has to be asked for."""
        return {
            "path": _PATH,
            "method": "POST",
            "data": self._form(wanted.resource.object),
            "data_selector": _LIST[wanted.resource.name],
            "paginator": EachOf(self._forms(wanted.resource.name), place="data"),
        }

    def _form(self, function: str) -> dict[str, Any]:
        return {"wstoken": self.secrets["token"], "wsfunction": function, "moodlewsrestformat": "json"}

    def _forms(self, resource: str) -> Iterator[dict[str, Any]]:
        if resource == "courses":
            yield {}
            return
        for course in self._listed("core_course_get_courses", {}):
            if course.get("format") == "site":
                continue
            courseid = {"courseid": course["id"]}
            if resource != "completions":
                yield courseid
                continue
            for user in self._listed("core_enrol_get_enrolled_users", courseid):
                yield courseid | {"userid": user["id"]}

    def _listed(self, function: str, form: dict[str, Any]) -> list[dict[str, Any]]:
        """What has to be known to ask for more."""
        body = self.ask(_PATH, "POST", data=self._form(function) | form)
        if not isinstance(body, list):
            raise SourceFailed(f"the answer to {function} is no list: {canonical(body)[:200]}")
        return body

    def says_nothing(self, body: Any) -> bool:
        """A course without completion has no status."""
        return isinstance(body, dict) and body.get("errorcode") in _NOTHING

    def shaped(self, record: dict[str, Any], asked: dict[str, Any]) -> dict[str, Any]:
        """What a record is about stands in the request; what a list inside it says of the course gets a name."""
        known = {name: asked[name] for name in ("courseid", "userid") if name in asked}
        if "completions" in record:
            known["timecompleted"] = _completed_at(record)
        if "gradeitems" in record:
            own = [item for item in record["gradeitems"] if item.get("itemtype") == "course"]
            known["coursegrade"] = own[0] if own else None
        return known | record

    def trouble(self, response: requests.Response, body: Any) -> Trouble | None:
        """Errors are an HTTP 200 with an exception."""
        if not isinstance(body, dict) or "exception" not in body or self.says_nothing(body):
            return None
        code = str(body.get("errorcode", ""))
        sentence = f"{_WORDS.get(code, 'the request was refused')} ({code}: {body.get('message', '')})"
        return Trouble(sentence, again=code in _AGAIN or response.status_code >= 500)


def _completed_at(record: dict[str, Any]) -> int | None:
    """When the last criterion was met, or the first where one is enough; None while the course is not completed."""
    times = [one["timecompleted"] for one in record["completions"] if one.get("timecompleted")]
    if not record.get("completed") or not times:
        return None
    return int(min(times) if record.get("aggregation") == _ANY else max(times))
