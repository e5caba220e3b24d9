"""Pages that belong to no feature, such as the front page."""
