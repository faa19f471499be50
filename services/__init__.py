"""The services of Heard, one folder each, in the order in which a complaint meets them.

intake → safeguarding → workflow → notifications → reporting; directory says who is who, the portal is the face, and the
chassis is what they all stand on. No service imports another: they tell each other facts and ask by name. `screening`
is what the first two read words by.
"""
