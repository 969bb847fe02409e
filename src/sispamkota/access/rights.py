"""What a person may do, as single rights; functions (see `functions`) hold sets of them."""

from __future__ import annotations

from enum import StrEnum


class Right(StrEnum):
    """One thing that may be done or seen."""

    OPERATION_READ = "operation.read"
    TERRITORY_READ = "territory.read"
    CLASS_READ = "class.read"
    REASONS_READ = "reasons.read"
    NEED_READ = "need.read"
    PLAN_READ = "plan.read"
    PLAN_WRITE = "plan.write"
    PLAN_REVIEW = "plan.review"
    PLAN_APPROVE = "plan.approve"
    SIMULATE = "simulate"
    OVERRIDE_WRITE = "override.write"
    IMPORT_WRITE = "import.write"
    CHECK_READ = "check.read"
    ROSTER_READ = "roster.read"
    ROSTER_WRITE = "roster.write"
    DOCUMENT_READ = "document.read"
    USER_MANAGE = "user.manage"
    AUDIT_READ = "audit.read"
    SETTINGS_WRITE = "settings.write"
    ROADS_READ = "roads.read"
    ROADS_CLOSE = "roads.close"
    TRAFFIC_READ = "traffic.read"
    TRAFFIC_WRITE = "traffic.write"
