"""What the commands do: read, compute by `flow`, stage, gate, publish."""
