"""What Heard is measured by: that nothing is lost whatever befalls it (chaos), how much it bears (journey), and what a
case costs among many (many).
"""
