"""What people and organizations offer, and how far each offer came."""
