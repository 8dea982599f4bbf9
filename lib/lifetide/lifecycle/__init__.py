"""The rhythm of each customer and the lifecycle groups relative to it."""
