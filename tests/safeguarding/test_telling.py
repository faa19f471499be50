"""How telling words are: small things add up, what is ordinary speaks against, and a long text is read bit by bit."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.learning.pieces import doubtful, learn
from services.safeguarding.meaning import stretches
from services.screening.lexicon import Hit, the_lexicon
from services.screening.telling import pieces_of

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


def test_a_phrase_that_ordinary_texts_bore_too_raises_only_beside_what_tells_of_harm() -> None:
    beside_harm, beside_food = (Hit("self_harm", "quiet", "quiet", around) for around in (WORRYING[0], ORDINARY[1]))
    bears = (TOLD.tells(beside_harm.around) + TOLD.tells(beside_food.around)) / 2
    told = replace(TOLD, bears=bears, doubtful=doubtful([[beside_harm], [beside_food]], [1, 0]))
    assert told.borne([beside_harm]) == told.borne([beside_food, beside_harm]) == {"self_harm": ("quiet",)}
    assert told.borne([beside_food]) == {}


def test_a_phrase_that_no_ordinary_text_bore_raises_whatever_stands_around_it() -> None:
    hit = Hit("self_harm", "sleeves", "sleeves", ORDINARY[0])
    assert replace(TOLD, bears=1.0, doubtful=doubtful([[hit], []], [1, 0])).borne([hit]) == {"self_harm": ("sleeves",)}


def test_around_a_phrase_stand_a_few_words_of_its_sentence_wherever_and_however_often_it_stands() -> None:
    said = the_lexicon().plain("We won. I hit nine of the ten shots in front of them all. He hit my killing-me arm.")
    around = [hit.around for hit in the_lexicon().hits(said) if hit.words == "hit"]
    assert around == ["i hit nine of the ten", "he hit my killing me arm"]


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
