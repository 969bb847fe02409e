"""Measurements of the product on any instance; `python -m benchmarks` runs them all."""
