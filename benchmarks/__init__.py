"""Benchmarks, each a script. A package: others ship one of the same name, which would be found first."""
