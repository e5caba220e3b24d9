"""Every address of partners; the modules share one blueprint."""

from engage.partners import (
    agreement_move_routes,
    agreement_routes,
    contact_routes,
    conversation_routes,
    coverage_routes,
    import_routes,
    merge_routes,
    organization_routes,
    seat_routes,
)
from engage.partners.routes import bp

__all__ = [
    "agreement_move_routes",
    "agreement_routes",
    "bp",
    "contact_routes",
    "conversation_routes",
    "coverage_routes",
    "import_routes",
    "merge_routes",
    "organization_routes",
    "seat_routes",
]
