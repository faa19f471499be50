"""The closed word lists of the procedure language: parties, parts, events, moments, measures, condition keys.

A procedure may add its own roles, contacts, milestones, facts and decisions; every other word stands here, once.
Events are the facts of a case's ledger, in the order in which a complaint meets them.
"""

from __future__ import annotations

PARTIES = (
    "complainant", "young_person", "parent", "advocate", "named_person", "line_manager_of_named_person",
    "affected_person", "placing_authority", "referrer", "employer_of_named_person", "receiver", "handler", "decider",
    "panel", "attendees", "staff", "regulators",
)  # fmt: skip
"""Persons and bodies that a case itself brings along, whoever the provider is."""

LEAD = "designated_safeguarding_lead"
"""The role that every procedure must have (`policy check` asks for it): called first, and told before anybody else."""

GROUP = "group_operator"
"""Whoever oversees all homes of the operator: a role of the platform, and of no procedure."""

ADMINISTRATOR = "system_administrator"
"""Whoever looks after the installation: keeps the directory of every operator, and sees no case."""

VISITOR = "regulation_44_visitor"
INSPECTOR = "inspector"
LOOKING_IN = (VISITOR, INSPECTOR)
"""Who reads the cases of the homes named for a time, and does nothing in them: roles of the platform as well."""

PARTS = (
    "handles", "investigates", "observes", "decides", "coordinates", "convenes", "consults", "oversees", "mediates",
)  # fmt: skip
"""What somebody can do in a stage; each is a ladder of who-words."""

PART_NAMES = {
    "handles": "Handling it", "investigates": "Investigating", "observes": "Watching over the investigation",
    "decides": "Deciding", "coordinates": "Coordinating", "convenes": "Bringing the panel together",
    "consults": "Being asked for advice", "oversees": "Overseeing", "mediates": "Mediating",
}  # fmt: skip
"""The same in words for a page."""

WRITTEN = ("acknowledge", "respond", "answer_first", "refuse_late", "write")
"""Commands that are nothing without words: the letter is what somebody wrote, and without it none would go out."""

EVENTS = (
    "received", "recorded", "record_agreed", "record_disputed", "named", "reclassified", "head_added",
    "head_withdrawn", "heads_merged", "fact_answered", "consent_answered", "accepted_late", "refused_late",
    "linked_to", "concern_found", "concern_confirmed", "concern_cleared", "lado_agreed_next_step",
    "safeguarding_closed", "disciplinary_closed", "proceedings_closed", "reference_given",
    "stage_opened", "assigned", "stood_down", "acknowledged", "first_answered", "progress_told", "responded",
    "response_received", "window_agreed", "asked_to_go_on", "extended", "suspended", "suspension_reviewed", "resumed",
    "decided", "milestone_reached", "interview_held", "investigation_recorded", "advocate_offered", "panel_formed",
    "panel_arranged", "panel_met", "duty_excused", "lateness_explained", "escalated", "action_agreed", "action_changed",
    "action_done", "action_let_go",
    "copied_to_folder", "learning_reviewed", "disclosed", "child_information_shared", "spoken_for_child", "passed_on",
    "linked_case_opened", "withdrawn", "closed", "reopened", "corrected", "told", "answered", "could_not_tell",
    "calendar_changed", "procedure_changed", "circumstances_changed",
)  # fmt: skip
MOMENTS = ("made", "matter_noticed", "matter_happened", "first_known", "panel_date")
"""Moments that an event carries: `first_known` is when any member of staff first knew; `panel_date` is appointed."""

STANDING_EVENTS = ("admitted", "home_visited", "started_work", "adopted", "policy_reviewed", "report_made", "born")
"""Events of the provider's own ledger, and of a young person's life, which run without a complaint."""

ANSWERS = {"consent_answered": ("given", "refused", "lacks_capacity", "not_required", "pending")}
"""Events whose answer can be asked for as EVENT.ANSWER; `responded.FINDING` goes by the procedure's own findings."""

MEASURES = (
    "received", "upheld", "categories", "lessons", "actions", "ombudsman", "equality", "trends", "on_time",
    "compliments", "each_case_and_action", "standing_duties",
)  # fmt: skip

EMPLOYERS = ("provider", "other_organisation")
"""Who may employ a person complained of, seen from the provider."""

FLAGS = ("on_behalf", "anonymous", "about_a_child", "about_authority_functions", "concern_open")
"""Condition keys that are true or false."""

CONDITION_WORDS = (
    "kind", "formality", "channel", "complainant", "complainant_is_not", "about_role", "named_person_works_for",
    "category", "matter", "severity", "concern", "finding", "been_in", "linked",
)  # fmt: skip
"""Condition keys whose value is a word or a list of words, any of which holds."""
