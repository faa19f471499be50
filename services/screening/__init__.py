"""The screen by words: pure, and the same for everybody who asks it.

Intake asks it which reports go first; safeguarding asks it as it opens a report, and that is what counts. `reports` is
a whole report, `screen` a text, `lexicon` the words, `telling` how much each of them tells. What the sentences mean is
weighed by safeguarding alone.
"""
