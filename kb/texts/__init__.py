"""Bytes in, lossless named text out: sources with their cards, trees, readers by nature, containers of law."""
