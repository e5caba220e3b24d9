"""Answering without a network: a phone keeps the questions, seals what is answered, and sends it when it can."""
