"""The portal on its own: its pages and its API against services that are faked as real classes."""
