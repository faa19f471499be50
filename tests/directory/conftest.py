"""People with passwords: what makes each guess slow by design is as small here as it can be.

The stories on the platform sign in as it is.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST

from services.directory import sign_in


@pytest.fixture(autouse=True, scope="module")
def passwords_are_quickly_weighed() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sign_in, "_hasher", PasswordHasher.from_parameters(CHEAPEST))
        yield
