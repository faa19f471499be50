"""The tables of the directory: one for each kind of entry that is replicated, and those that never leave it.

What leaves is only what `ENTRY_TABLES` names; accounts, tokens, known devices and failed sign-ins stay here.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    false,
)

from services.chassis.tables import Json, Moment, Sealed, house_tables

metadata = MetaData()


def _id(name: str = "id") -> Column[str]:
    return Column(name, String(32), primary_key=True)


def _to(table: str, name: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, String(32), ForeignKey(f"{table}.id"), nullable=nullable, index=True)


operators = Table(
    "operators",
    metadata,
    _id(),
    Column("name", Text, nullable=False),
    Column("slug", String(80), nullable=False, unique=True),
)
providers = Table(
    "providers",
    metadata,
    _id(),
    _to("operators", "operator"),
    Column("name", Text, nullable=False),
    Column("procedure", String(80), nullable=False),
    Column("colour", String(7)),
)
homes = Table(
    "homes",
    metadata,
    _id(),
    _to("operators", "operator"),
    _to("providers", "provider"),
    Column("name", Text, nullable=False),
    Column("slug", String(80), nullable=False, unique=True),
    Column("area", Text),
    Column("active", Boolean, nullable=False),
    Column("closed_at", Moment),
)
people = Table(
    "people",
    metadata,
    _id(),
    _to("operators", "operator"),
    Column("name", Text, nullable=False),
    Column("email", String(254)),
    Column("phone", String(40)),
    Column("verified", Boolean, nullable=False),
    Column("works_for", Json, nullable=False),
    Column("outside", Boolean, nullable=False),
    Column("routine_way", String(8)),  # email | text | portal: how what can wait reaches them; null: what there is
    Column("alert_way", String(8)),  # email | text | call: by what they are reached best; a call goes by all the same
)
holdings = Table(
    "holdings",
    metadata,
    _id(),
    _to("people", "person"),
    Column("role", String(80), nullable=False),
    _to("providers", "provider", nullable=True),
    _to("homes", "home", nullable=True),
    Column("since", Moment, nullable=False),
    Column("until", Moment),
    Column("reads_safeguarding", Boolean, nullable=False, server_default=false()),
)
absences = Table(
    "absences",
    metadata,
    _id(),
    _to("people", "person"),
    Column("since", Moment, nullable=False),
    Column("until", Moment),
)
on_call = Table(
    "on_call",
    metadata,
    _id(),
    _to("people", "person"),
    Column("role", String(80), nullable=False),
    _to("providers", "provider", nullable=True),
    _to("homes", "home", nullable=True),
    Column("since", Moment, nullable=False),
    Column("until", Moment),
)
relations = Table(
    "relations",
    metadata,
    _id(),
    Column("kind", String(40), nullable=False),
    _to("people", "a"),
    Column("b", String(32), nullable=False),
)
contacts = Table(
    "contacts",
    metadata,
    _id(),
    _to("operators", "operator"),
    _to("providers", "provider", nullable=True),
    Column("contact", String(80), nullable=False),
    Column("area", Text),
    Column("name", Text),
    Column("email", String(254)),
    Column("phone", String(40)),
    Column("out_of_hours", String(40)),  # their number for nights, weekends and bank holidays
    Column("verified", Boolean, nullable=False),
    Column("verified_on", Date),
    Column("verified_by", String(40)),  # who made sure of it then
)
bank_holidays = Table(
    "bank_holidays",
    metadata,
    _id(),
    Column("day", Date, nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("since", Moment, nullable=False),
    Column("until", Moment),
    Column("because", Text),  # why it was taken back
)

ENTRY_TABLES: dict[str, Table] = {
    "operator": operators,
    "provider": providers,
    "home": homes,
    "person": people,
    "holding": holdings,
    "absence": absences,
    "on_call": on_call,
    "relation": relations,
    "contact": contacts,
    "bank_holiday": bank_holidays,
}
"""Kind of entry -> its table, in an order in which each refers only to earlier ones."""

counter = Table(
    "counter",
    metadata,
    Column("one", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("turned_to", Moment),  # up to when beginnings and ends that were dated ahead have been told
)
changes = Table(
    "changes",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("by", String(40), nullable=False),
    Column("entries", Json, nullable=False),
)
accounts = Table(
    "accounts",
    metadata,
    Column("person", String(32), ForeignKey("people.id"), primary_key=True),
    Column("email", String(254), nullable=False, unique=True),
    Column("password", Text, nullable=False),  # argon2; empty when none opens it
    Column("changed_at", Moment, nullable=False),
    Column("issuer", Text),  # where they sign in elsewhere, and as whom: joined when they first did
    Column("subject", String(255)),
    Index("ix_accounts_elsewhere", "issuer", "subject", unique=True),
)
tokens = Table(
    "tokens",
    metadata,
    Column("digest", String(64), primary_key=True),
    _to("people", "person"),
    Column("says", Text, nullable=False),
    Column("scopes", Json, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("last_used_at", Moment),
    Column("revoked_at", Moment),
)
failed_sign_ins = Table(
    "failed_sign_ins",
    metadata,
    Column("who", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", Moment, nullable=False),
    Index("ix_failed_sign_ins_last_at", "last_at"),
)
known_devices = Table(
    "known_devices",
    metadata,
    Column("digest", String(64), primary_key=True),
    _to("people", "person"),
    Column("used_at", Moment, nullable=False, index=True),
)
sign_in_links = Table(  # by which somebody chooses a password; the token in a link stands nowhere
    "sign_in_links",
    metadata,
    _id(),
    _to("people", "person"),
    Column("email", String(254), nullable=False),
    Column("why", String(12), nullable=False),  # invited | forgotten
    Column("by", String(40), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("over_at", Moment, nullable=False),
    Column("used_at", Moment),
)
forgotten = Table(  # who asked for a link, known or not: answered a moment later, so that nobody sees which
    "forgotten",
    metadata,
    _id(),
    Column("email", String(254), nullable=False),
    Column("asked_at", Moment, nullable=False),
)
second_factors = Table(  # an app's secret, sealed under the installation's own, once its digits were shown
    "second_factors",
    metadata,
    Column("person", String(32), ForeignKey("people.id"), primary_key=True),
    Column("sealed", Sealed, nullable=False),
    Column("confirmed_at", Moment),
    Column("last_step", Integer, nullable=False),  # of the digits used last: none are good twice
)
recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("person", String(32), ForeignKey("people.id"), primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("code", Text, nullable=False),  # argon2
    Column("used_at", Moment),
)
passkeys = Table(
    "passkeys",
    metadata,
    Column("digest", String(64), primary_key=True),  # of the credential's id
    _to("people", "person"),
    Column("credential", Text, nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("times", BigInteger, nullable=False),  # how often it was shown, as the device counts; many do not
    Column("name", String(80), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("used_at", Moment),
)
challenges = Table(  # what a device was asked, until it answers: once
    "challenges",
    metadata,
    _id(),
    Column("person", String(32), nullable=False),
    Column("challenge", LargeBinary, nullable=False),
    Column("over_at", Moment, nullable=False, index=True),
)
members = Table(
    "members",
    metadata,
    Column("person", String(32), primary_key=True),
    Column("operator", String(32), nullable=False),
)
"""Who belongs to which operator: what row-level security asks (a policy on `people` may not ask `people`)."""

house_tables(metadata)
