"""The ground that every room stands on: where, when, what went wrong, which, how much; grammars; what is known beforehand."""
