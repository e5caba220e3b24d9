"""Routes that add partner pages of several features to the blueprint of partners."""
