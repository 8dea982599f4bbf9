"""Definitions on disk: YAML in, YAML out."""
