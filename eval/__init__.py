"""Evaluation: metrics, gold sets, reports and benchmarks."""
