"""The pack for whoever coordinates next."""
