"""An agenda drafted from what waits in every feature."""
