"""The ground the tests stand on: a private RabbitMQ, a private PostgreSQL, the platform as real processes, and a small
invented world of homes and people. Nothing here is part of Heard itself."""
