"""Letters: what coordinators write to people of their coalition, by mail or by hand."""
