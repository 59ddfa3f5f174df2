"""Fault drills: real processes, real faults, every report exactly once (docs/drills.md)."""
