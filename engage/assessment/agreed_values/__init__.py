"""What the group settles on, statement by statement."""
