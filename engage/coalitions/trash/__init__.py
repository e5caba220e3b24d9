"""The coalition's trash: what its features share when they restore what was changed or deleted."""
