"""What each customer did: days, items, state, profile."""
