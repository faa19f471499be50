"""Whether somebody is told of each concern, somebody can take their place, and nothing of it can pause."""

from __future__ import annotations

from collections.abc import Iterator

from heard.checks.remark import Remark, on
from heard.procedure import Procedure
from heard.vocabulary import LEAD


def safeguarding(p: Procedure) -> Iterator[Remark]:
    """Every concern has a rule that calls the lead, and no rule of it waits."""
    lead = next((role for role in p.roles if role.key == LEAD), None)
    if lead is None:
        nobody = f"No role `{LEAD}`: nobody would be called when a report cannot wait."
        yield Remark("broken", nobody, f'Add [[roles]] with key = "{LEAD}".')
    elif not (lead.stands_in or lead.filled_by):
        alone = f"Nobody stands in for {lead.name}."
        yield on(lead, "weaker", alone, "Name a deputy, or a body outside, under `stands_in`.")
    if not any(rule.adopted_from and "lado" in rule.tell for rule in p.notification_rules):
        untold = "No adopted law tells the LADO within one working day."
        yield Remark("weaker", untold, "Adopt `working_together` under [[adopts]].")
    told = {concern for rule in p.notification_rules for concern in rule.concern}
    called = {concern for rule in p.notification_rules if LEAD in rule.tell for concern in rule.concern}
    for concern in p.concerns:
        if concern.key not in told:
            nobody = f"Nobody is told of `{concern.key}`: no notification rule names it."
            tell = f'Add [[notification_rules]] with concern = ["{concern.key}"] and whom it tells.'
            yield on(concern, "weaker", nobody, tell)
        elif concern.key not in called:
            uncalled = f"`{concern.key}` is told outside, but the safeguarding lead is not called."
            yield on(concern, "weaker", uncalled, f'Let a rule with this concern tell "{LEAD}" too.')
    for rule in p.notification_rules:
        if rule.clock.pauses:
            waits = f"`{rule.key}` pauses; telling about a concern never does."
            yield on(rule, "broken", waits, "Take `pauses` out of this rule.")
