"""The functions: one folder for each resource, one file for each operation."""
