"""Answers for people and machines: terminal, pages, export formats, graph."""
