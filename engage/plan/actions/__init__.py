"""Actions: their page, their moves and their updates."""
