"""The pages of whoever runs a vote."""
