"""How the form names what a procedure lets somebody choose: who they are, and what may be ticked.

STEP 0 of a complaint's journey. A procedure's own word, such as "physical abuse", is said here as a child would say it;
a word that is not here is shown as it stands in the procedure.
"""

from __future__ import annotations

from services.portal.languages import as_written, say, to_say
from services.portal.plain_words import sentence

WHO = {
    "young_person": to_say("A young person who lives here, or used to"),
    "advocate": to_say("An advocate for a young person"),
    "client": to_say("Somebody who uses the service"),
    "parent": to_say("A parent"),
    "guardian": to_say("A guardian"),
    "carer": to_say("A carer or another person in the family"),
    "social_worker": to_say("A social worker"),
    "accommodating_authority": to_say("Somebody from the council that placed a young person here"),
    "placing_authority": to_say("Somebody from the council that placed a young person here"),
    "partner_agency": to_say("Somebody from another organisation that works with us"),
    "staff": to_say("Somebody who works here"),
    "former_staff": to_say("Somebody who used to work here"),
    "referrer": to_say("Somebody from the school or the agency that sent a young person here"),
    "council": to_say("Somebody from a council"),
    "neighbour": to_say("A neighbour"),
    "community": to_say("Somebody else who lives or works near here"),
    "public": to_say("A neighbour, or anybody else"),
    "professional": to_say("Somebody who works with young people, but not here"),
    "other": to_say("Somebody else"),
}
"""How the form asks "who are you"; a word that is not here is shown as it stands in the procedure."""


def who(key: str, *, lives_here: bool = True) -> str:
    """How the form says a word for the complainant; `lives_here`: whether the place is a home."""
    if key == "young_person" and not lives_here:
        return say("A child or young person")
    return say(WHO[key]) if key in WHO else as_written(sentence(key))


WORRIES = {
    "neglect": to_say("Somebody is not looked after: food, warmth, clothes, a doctor"),
    "physical abuse": to_say("Somebody is hit or hurt"),
    "emotional abuse": to_say("Somebody is made to feel worthless or afraid"),
    "sexual abuse": to_say("Somebody is touched, or made to do sexual things"),
    "financial abuse": to_say("Somebody takes another person’s money or things"),
    "bullying": to_say("Bullying"),
    "harassment": to_say("Somebody will not leave another person alone"),
    "criminal or sexual exploitation": to_say("Somebody is used for crime or sex"),
    "self-harm": to_say("Somebody hurts themselves"),
    "suicide": to_say("Somebody thinks about ending their life"),
    "harm to others": to_say("Somebody may hurt other people"),
    "missing": to_say("Somebody is missing"),
    "nobody knows where they are": to_say("Nobody knows where somebody is"),
    "criminal misconduct": to_say("A member of staff broke the law"),
    "financial misconduct": to_say("A member of staff did something wrong with money"),
    "misconduct": to_say("A member of staff behaved badly"),
    "serious misconduct": to_say("A member of staff did something seriously wrong"),
    "gross misconduct": to_say("A member of staff did something seriously wrong"),
    "harmed by a member of staff": to_say("A member of staff hurt somebody"),
    "harm by staff": to_say("A member of staff hurt somebody"),
    "abuse by staff": to_say("A member of staff abused somebody"),
    "held down or restrained": to_say("Somebody was held down or held back"),
    "in danger now": to_say("Somebody is in danger now"),
    "crime": to_say("A crime"),
    "police involved": to_say("The police came or were called"),
    "child protection enquiry": to_say("Social services are looking into it"),
    "a young person has died": to_say("A young person has died"),
}
"""How the form says what may be ticked; a word that is not here is shown as it stands in the procedure."""


WORRY_GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        to_say("Is somebody being hurt?"),
        ("physical abuse", "harmed by a member of staff", "harm by staff", "abuse by staff", "held down or restrained",
         "sexual abuse", "criminal or sexual exploitation", "emotional abuse", "bullying", "harassment"),
    ),
    (to_say("Is somebody not safe?"), ()),
    (
        to_say("Is it about what staff did, money or the police?"),
        ("misconduct", "serious misconduct", "gross misconduct", "financial abuse", "financial misconduct",
         "criminal misconduct", "crime", "police involved", "child protection enquiry"),
    ),
)  # fmt: skip
"""Under which questions the ticks stand, the most pressing first; what is named nowhere stands under the second."""


def worry(tick: str) -> str:
    """How the form says one of a procedure's ticks."""
    return say(WORRIES[tick]) if tick in WORRIES else as_written(sentence(tick))
