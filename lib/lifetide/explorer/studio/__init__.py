"""The studio: an audience builder in a notebook, with exact counts at each click."""
