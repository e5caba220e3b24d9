"""Shows what people and organizations offer, and how far each offer got."""
