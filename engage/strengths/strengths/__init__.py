"""What the coalition can build on."""
