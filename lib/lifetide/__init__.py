"""Lifetide: what each customer of a shop is doing, is worth, and why, from events in Delta tables."""

__version__ = "0.1.0"
