"""Key and required columns of every import template.

The promise of the `files` source (contracts A), written a second time on purpose: the contract test compares it with
the connectors' columns and with dbt's sources, so that neither changes alone.
"""

from dataclasses import dataclass

META_COLUMNS = ("extra", "_load_id", "_load_seq", "_file", "_line", "_content_hash", "_is_deleted")


@dataclass(frozen=True, slots=True)
class Entity:
    """Key and other required columns of one import template."""

    name: str
    key: tuple[str, ...]
    required: tuple[str, ...] = ()

    @property
    def table(self) -> str:
        """The append-only landing table."""
        return f"raw_files.{self.name}"


def _entity(name: str, key: str, required: str = "") -> Entity:
    return Entity(name, tuple(key.split()), tuple(required.split()))


ENTITIES: dict[str, Entity] = {
    entity.name: entity
    for entity in (
        _entity("employees", "employee_id", "name department hire_date"),
        _entity("employee_assignments", "employee_id valid_from", "department"),
        _entity("source_users", "source source_user_id", "employee_id"),
        _entity("customers", "customer_id", "name created_at"),
        _entity("archive_checks", "check_id", "customer_id field is_correct checked_at"),
        _entity("leads", "lead_id", "owner_employee_id created_at"),
        _entity("journey_events", "event_id", "stage occurred_at"),
        _entity("activities", "activity_id", "customer_id employee_id kind started_at"),
        _entity("ownership_changes", "change_id", "customer_id to_employee_id changed_at"),
        _entity("deals", "deal_id", "customer_id owner_employee_id amount currency signed_at status"),
        _entity("deal_splits", "deal_id employee_id pool", "share"),
        _entity("transactions", "transaction_id", "deal_id kind amount currency occurred_at"),
        _entity("targets", "employee_id kpi_id period", "target"),
        _entity("campaigns", "platform campaign_id"),
        _entity("ad_daily", "platform campaign_id date"),
        _entity("brand_surveys", "survey_id", "surveyed_on respondents aware"),
        _entity("product_inputs", "input_id", "employee_id submitted_at"),
        _entity("competitor_events", "event_id", "employee_id discovered_at"),
        _entity("policy_violations", "violation_id", "employee_id kind occurred_on"),
        _entity("material_movements", "movement_id", "material_id moved_on kind amount"),
        _entity("material_requests", "request_id", "material_id handler_employee_id requested_at"),
        _entity("complaints", "complaint_id", "employee_id opened_at"),
        _entity("service_ratings", "rating_id", "employee_id rated_at rating"),
        _entity("courses", "course_id"),
        _entity("course_results", "employee_id course_id attempt"),
        _entity("kpi_observations", "employee_id kpi_id period", "numerator"),
        _entity("fx_rates", "currency date", "rate_to_base"),
        _entity("resolutions", "resolution_id", "subject subject_id decision reason decided_by decided_at"),
        _entity("adjustments", "adjustment_id", "employee_id period amount currency reason author approver"),
        _entity("principals", "login", "role valid_from"),
        _entity("disputes", "dispute_id", "line_id opened_by reason opened_at"),
    )
}
