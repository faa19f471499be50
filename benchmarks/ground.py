"""The platform on durable parts of its own, for a measurement: a commit that is not on disk counts for nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from tests.ground.harness import Platform, forget_seeds
from tests.ground.postgres import PrivatePostgres
from tests.ground.rabbit import PrivateRabbit


@contextmanager
def running_platform(
    mode: str,
    *,
    real_time: bool = False,
    settings: Mapping[str, str] | None = None,
    alarms_alone: Sequence[str] = (),
) -> Iterator[Platform]:
    """A started platform of ``mode`` with homes of every procedure, on a private broker and database.

    Everything is taken away afterwards.
    """
    rabbit = PrivateRabbit() if mode == "distributed" else None
    postgres = PrivatePostgres(durable=True) if mode == "distributed" else None
    platform = None
    try:
        if rabbit is not None and postgres is not None:
            rabbit.start()
            postgres.start()
        platform = Platform(
            mode, rabbit, postgres, real_time=real_time, settings=settings, alarms_alone=alarms_alone,
            every_procedure=True,
        )  # fmt: skip
        yield platform.start()
    finally:
        if platform is not None:
            platform.remove()
        for part in (rabbit, postgres):
            if part is not None:
                part.remove()
        forget_seeds()
