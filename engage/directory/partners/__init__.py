"""Partner pages that combine data of several features: organizations, agreements, coverage and recruiting."""
