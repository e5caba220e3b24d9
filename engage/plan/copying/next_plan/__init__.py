"""The next plan, made from the one that ends."""
