"""How quick the engine is by itself: a long case, a holiday proclaimed over many cases, many procedures read."""
