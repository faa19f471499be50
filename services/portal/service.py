"""The portal as a service of the platform: its doors are `doors.make_app`; here only the sweeping of what is over."""

from __future__ import annotations

from services.chassis.service import Service
from services.chassis.ticks import ticks
from services.portal import drafts, making, sign_ins


class PortalService(Service):
    """The face. Publishes and hears nothing."""

    name = "portal"

    @ticks(300)
    def sweep(self) -> int:
        """Remove drafts nobody came back to, sign-ins that are over, and files that nobody fetched."""
        now = self.house.clock.now()
        drafts.sweep(self.house.db, now)
        sign_ins.sweep(self.house.db, now)
        making.sweep(self.house.db, now)
        return 0
