"""The points: data sets, edits of them, generators, features and the formulas that people type."""
