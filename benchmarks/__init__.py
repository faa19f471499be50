"""What Heard is measured by: that nothing is lost whatever befalls it (chaos), and how much it bears (journey)."""
