"""Questions to a knowledge base: find, show, follow, through time, search, rules."""
