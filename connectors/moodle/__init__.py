"""Moodle over its web services: courses, who is enrolled, who completed, what was graded.

Belongs here: what the type is. Does not belong here: fetching (`source`), which fields become which columns
(`mapping.yml`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field

from connectors.sources.model import Connection, Resource, RestConnection, SecretSpec, SourceType


class MoodleConnection(RestConnection):
    """Keys of sources.yml.

    Attributes:
        site_url: Address of the site, such as https://moodle.example.com.
    """

    site_url: Annotated[str, Field(pattern=r"^https?://[^\s?#]+[^\s?#/]$")]


class _Moodle(SourceType):
    def record_address(self, connection: Connection, resource: str, record_id: str) -> str | None:
        """The page of a course, or of a user in it."""
        site, ids = getattr(connection, "site_url", ""), record_id.split("|")
        if resource == "courses":
            return f"{site}/course/view.php?id={ids[0]}"
        if resource == "grades":
            return f"{site}/grade/report/user/index.php?id={ids[0]}&userid={ids[1]}"
        return f"{site}/user/view.php?id={ids[1]}&course={ids[0]}"


def _resource(name: str, key: str, function: str, about: str, fields: str, limits: str) -> Resource:
    return Resource(
        name=name,
        key=tuple(key.split()),
        write_mode="full",
        about=about,
        fields=tuple(fields.split()),
        is_sparse=True,
        permission=f"the function {function} in the token's service, and the capability to see it",
        limits=limits,
        object=function,
    )


MOODLE = _Moodle(
    name="moodle",
    about="Moodle over its REST web services",
    connection=MoodleConnection,
    secrets=(SecretSpec("token", "of a user of a web service that holds the functions"),),
    resources=(
        _resource(
            "courses",
            "id",
            "core_course_get_courses",
            "courses",
            "id idnumber shortname fullname format startdate enddate visible",
            "one request",
        ),
        _resource(
            "enrolments",
            "courseid id",
            "core_enrol_get_enrolled_users",
            "users enrolled in a course",
            "courseid id username idnumber email fullname",
            "a request a course",
        ),
        _resource(
            "completions",
            "courseid userid",
            "core_completion_get_course_completion_status",
            "whether and when a user completed a course",
            "courseid userid completed aggregation completions timecompleted",
            "a request a user and course",
        ),
        _resource(
            "grades",
            "courseid userid",
            "gradereport_user_get_grade_items",
            "grades of a user in a course; that of the course itself is coursegrade",
            "courseid userid coursegrade.graderaw coursegrade.grademin coursegrade.grademax "
            "coursegrade.percentageformatted coursegrade.gradedategraded",
            "a request a course",
        ),
    ),
    extractor="connectors.moodle.source:MoodleExtractor",
    folder=Path(__file__).parent,
)
