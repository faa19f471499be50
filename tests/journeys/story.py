"""One complaint as the people in it live it: each looks and acts through the API, with their own token."""

from __future__ import annotations

from typing import Any

from heard.registry import load_procedures
from tests.ground.harness import Platform, Receipt


class Story:
    """A complaint that was handed in, followed through the doors that people have."""

    def __init__(
        self, platform: Platform, receipt: Receipt, lead: str = "tobias-fennimore", procedure: str = "ioi_support"
    ) -> None:
        self.platform, self.receipt, self.lead, self.procedure = platform, receipt, lead, procedure
        self.id = ""

    def reaches(self, who: str) -> Story:
        """Wait until this person has it on their list."""
        self.lead = who
        self.id = str(self.platform.wait_until(lambda: self._found_by(who), what=f"{who} sees the case"))
        return self

    def _found_by(self, who: str) -> str | None:
        found = self.platform.seat(who).get("/cases")["cases"]
        return next((one["case_id"] for one in found if one["reference"] == self.receipt.reference), None)

    def is_seen_by(self, who: str) -> bool:
        """Whether the case is on this person's list."""
        return self._found_by(who) is not None

    def page(self, who: str | None = None) -> dict[str, Any]:
        """The case page as somebody sees it."""
        page: dict[str, Any] = self.platform.seat(who or self.lead).get(f"/cases/{self.id}")
        return page

    def due(self, duty: str, stage: str | None = None) -> dict[str, Any]:
        """The latest line of a duty, with its day and how it was counted."""
        lines = [one for one in self.page()["dues"] if one["duty"] == duty and stage in (None, one["stage"])]
        assert lines, f"nothing is called {duty}"
        return dict(lines[-1])

    def does(self, who: str, command: str, *, status: int = 200, **data: Any) -> Any:
        """Somebody does something, on the case as they see it; if it moved meanwhile, they look again."""
        seat, path = self.platform.seat(who), f"/cases/{self.id}/actions"
        for _ in range(5):
            order = {"command": command, "data": data, "expected_seq": self.page(who)["seq"]}
            answer = seat.ask("POST", path, json=order)
            if answer.status_code != 409 or "actual" not in answer.json():
                break
        return seat.expect(status, answer)

    def sends(self, who: str, command: str, duty: str, stage: str, **data: Any) -> Any:
        """Somebody does what meets a duty, saying everything that the procedure wants said."""
        form = self._form_of(duty, stage)
        return self.does(who, command, contents=form["contents"], leaves_out=form["leaves_out"], **data)

    def wanted_by(self, duty: str, stage: str) -> list[str]:
        """What the act that meets this duty must contain, as the page asks for it."""
        return list(self._form_of(duty, stage)["contents"])

    def _form_of(self, duty: str, stage: str) -> dict[str, Any]:
        says, actions = self.due(duty, stage)["says"], self.page()["actions"]
        name = {"acknowledge_review": "acknowledge"}.get(duty, duty)
        found = [one for one in actions if says in one["label"] or one["name"] == name]
        assert found, f"the page offers nothing for {duty}: {[one['label'] for one in actions]}"
        return dict(found[0]["needs"])

    def rows(self, event: str) -> list[dict[str, Any]]:
        """What happened of that kind, oldest first."""
        return [one for one in self.page()["ledger"] if one["event"] == event]

    def waits_for(self, event: str, /, **having: Any) -> dict[str, Any]:
        """Wait until something of that kind has happened, and return it."""

        def happened() -> list[dict[str, Any]]:
            return [row for row in self.rows(event) if all(row["data"].get(k) == v for k, v in having.items())]

        return self.platform.wait_until(happened, what=f"{event} {having}")[0]

    def promise(self, duty: str, stage: str | None = None) -> tuple[str | None, str]:
        """What the complainant reads of a duty with their receipt: its day, and whether it was kept."""
        rule = load_procedures().get(self.procedure).duty(duty, stage)
        view = self.platform.follow(self.receipt)
        found = [one for one in view["promises"] if one["says"] in (rule.promise, rule.says)]
        assert found, f"nothing is promised of {duty}: {[one['says'] for one in view['promises']]}"
        return found[0]["by"], found[0]["status"]

    def does_all_that_is_owed(self, who: str) -> None:
        """Do what the page says is in the way of closing the case, one thing after the other, as the page offers it."""
        for _ in range(40):
            actions = self.page(who)["actions"]
            closing = next(one for one in actions if one["name"] == "close")
            if closing["allowed"]:
                return
            owed = closing["why_not"].partition(": ")[2].rstrip(".")
            ways = ("explain_lateness",) if "missed" in closing["why_not"] else ("tell", "record", "reach")
            fit = [one for one in actions if one["allowed"] and one["name"] in ways]
            doing = [one for one in fit if owed in one["label"]] or [
                one for one in fit if "Complete the record" in one["label"]
            ]
            assert doing, f"nothing helps against: {closing['why_not']}"
            self.does(who, doing[0]["name"], **doing[0]["example"])
        raise AssertionError(f"it still cannot be closed: {closing['why_not']}")
