"""Two houses to attack: intake and safeguarding, each at its own door."""

from tests.safeguarding.two_houses import houses, installation

__all__ = ["houses", "installation"]
