"""Many runs: back-tests and comparisons, arrays and records, no plots."""
