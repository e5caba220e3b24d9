"""Makes the next plan from the one that ends."""
