"""Looking after an installation: is it well (`doctor`), its data carried elsewhere (`backup`, `restore`), somebody's
words erased for good (`erasing`), its keys made anew (`rewrapping`), a complaint log from before brought in (`log_cli`;
intake does it).

No service and no part of a complaint's journey: commands for whoever runs Heard. They look at an installation from
outside, also when nothing of it runs; what they change, they change through the chassis.
"""
