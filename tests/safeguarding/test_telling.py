"""How telling words are: small things add up, what is ordinary speaks against, and a long text is read bit by bit."""

from __future__ import annotations

from benchmarks.learning.pieces import learn
from services.safeguarding.meaning import stretches
from services.safeguarding.telling import pieces_of

MARKS = ("none", "self_harm")
WORRYING = ["her sleeves are always down and she is so quiet", "long sleeves and quiet every day, she says nothing"]
ORDINARY = ["the sleeves of my jumper are too short", "it is a quiet house and the food is good", "the food is good"]
TOLD = learn([pieces_of(text) for text in (*WORRYING, *ORDINARY) * 2], [1, 1, 0, 0, 0] * 2, MARKS)


def far_from_calm(text: str) -> float:
    return 1 - float(TOLD.likely([text])[0, 0])


def test_small_things_add_up() -> None:
    assert far_from_calm("sleeves down, and so quiet") > far_from_calm("so quiet") > far_from_calm("quiet house")


def test_what_is_ordinary_speaks_against() -> None:
    assert far_from_calm("she says nothing and the food is good") < far_from_calm("she says nothing")


def test_a_word_that_nobody_learnt_tells_nothing() -> None:
    assert far_from_calm("zyzzyva") == far_from_calm("")


def test_a_word_is_known_by_its_stem_and_by_the_word_beside_it_in_its_sentence() -> None:
    said = pieces_of("Kicked it. She kicks")
    assert said == ["kick", "it", "^ kick", "kick it", "it $", "she", "^ she", "she kick", "kick $"]


def test_of_a_long_text_each_sentence_is_read_with_what_stands_around_it() -> None:
    said = [f"This is sentence {n} of a long letter about nothing at all." for n in range(20)]
    around = stretches(" ".join(said))
    assert list(around) == said
    for sentence, stretch in around.items():
        assert sentence in stretch
        assert 50 <= len(stretch.split()) <= 60
    assert around[said[0]] == " ".join(said[:5])
    assert around[said[10]] == " ".join(said[8:13])


def test_a_short_text_is_read_as_a_whole_too_and_nothing_of_nothing() -> None:
    said = "My room is cold. He comes in at night and sits there."
    assert stretches(said) == dict.fromkeys(["My room is cold.", "He comes in at night and sits there.", said], said)
    assert stretches("  ") == {}
