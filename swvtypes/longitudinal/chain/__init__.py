"""Latent Markov chains: sequences of answers as arrays, and EM over many starts at once."""
