"""What weighing the meaning of a report costs."""
