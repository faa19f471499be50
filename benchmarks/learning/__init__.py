"""How the table by which the screen's second half tells what a sentence means is learnt."""
