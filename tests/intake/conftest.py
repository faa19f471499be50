"""Two houses for each test, copied from databases that are made once."""

from tests.safeguarding.two_houses import houses, installation

__all__ = ["houses", "installation"]
