"""Subscribers in files: what an operator brings from elsewhere, and takes away."""
