"""Changes an action from Home."""
