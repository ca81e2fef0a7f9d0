"""How quick the kernels and pages are, each against a named peer: ``python -m benchmarks``."""
