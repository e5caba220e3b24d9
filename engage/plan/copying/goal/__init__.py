"""A goal copied within the plan or from another."""
