"""What is told of people: one person and the roles held now, and a person's colleagues."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, or_, select

from services.chassis.errors import NotFound
from services.directory.models import holdings, homes, operators, people, providers
from services.directory.register import visible_people


def _held_at(now: datetime) -> ColumnElement[bool]:
    return (holdings.c.since <= now) & or_(holdings.c.until.is_(None), holdings.c.until > now)


def person(conn: Connection, person_id: str, now: datetime) -> dict[str, Any]:
    """``{id, name, operator, operator_name, holdings}``; raises `NotFound`."""
    row = conn.execute(
        select(people.c.id, people.c.name, people.c.operator, operators.c.name.label("operator_name"))
        .join(operators, operators.c.id == people.c.operator)
        .where(people.c.id == person_id)
    ).mappings().first()  # fmt: skip
    if row is None:
        raise NotFound("There is no such person.")
    held = conn.execute(
        select(
            holdings.c.role,
            holdings.c.provider,
            holdings.c.home,
            providers.c.name.label("provider_name"),
            homes.c.name.label("home_name"),
        )
        .outerjoin(providers, providers.c.id == holdings.c.provider)
        .outerjoin(homes, homes.c.id == holdings.c.home)
        .where(holdings.c.person == person_id, _held_at(now))
        .order_by(holdings.c.role)
    ).mappings()
    return {**row, "holdings": [dict(one) for one in held]}


def reached(conn: Connection, person_id: str) -> dict[str, Any]:
    """``{email, phone, routine_way, alert_way}`` of a person; raises `NotFound`."""
    how = select(people.c.email, people.c.phone, people.c.routine_way, people.c.alert_way)
    row = conn.execute(how.where(people.c.id == person_id)).mappings().first()
    if row is None:
        raise NotFound("There is no such person.")
    return dict(row)


def colleagues(conn: Connection, person_id: str, now: datetime) -> list[dict[str, Any]]:
    """``[{id, name, roles}]`` of the person's own operator, by name."""
    seen = visible_people(person_id).subquery()
    roles: dict[str, set[str]] = defaultdict(set)
    for row in conn.execute(
        select(holdings.c.person, holdings.c.role).where(holdings.c.person.in_(select(seen.c.id)), _held_at(now))
    ):
        roles[row.person].add(row.role)
    rows = conn.execute(select(seen.c.id, seen.c.name).order_by(seen.c.name))
    return [{"id": row.id, "name": row.name, "roles": sorted(roles[row.id])} for row in rows]
