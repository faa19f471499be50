"""What one case costs when there are many: the same pages, letters and rounds among 10,000 cases and among 200,000.

Run it with ``python -m benchmarks.many``. A few hundred real cases of all providers, made through the doors that people
have (``real``), are multiplied inside the database (``copies``). Then the people of the real ones look at what they
always look at (``looks``), and what the services look for every second is looked for (``rounds``).
"""
