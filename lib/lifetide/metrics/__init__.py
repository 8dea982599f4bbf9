"""Figures over many customers."""
