"""Benchmarks: ratios measured side by side in one run, for absolute times differ from machine to machine."""
