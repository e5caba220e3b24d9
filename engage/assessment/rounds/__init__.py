"""Opening, editing, closing and reopening a round."""
