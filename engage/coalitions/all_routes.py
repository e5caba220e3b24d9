"""Every page of the coalitions' one blueprint, so that the application registers it whole."""

from engage.coalitions import (
    audit_routes,
    file_routes,
    group_routes,
    handover_routes,
    invitation_routes,
    kept_routes,
    origin_routes,
    people_routes,
    person_routes,
    place_routes,
    quiet_routes,
    second_factor_routes,
    text_routes,
)
from engage.coalitions.routes import bp

__all__ = [
    "audit_routes",
    "bp",
    "file_routes",
    "group_routes",
    "handover_routes",
    "invitation_routes",
    "kept_routes",
    "origin_routes",
    "people_routes",
    "person_routes",
    "place_routes",
    "quiet_routes",
    "second_factor_routes",
    "text_routes",
]
