"""What people do: leads, their steps and their verdicts."""
