"""What a closed round says."""
