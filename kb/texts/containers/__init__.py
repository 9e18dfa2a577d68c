"""Containers of law, read once into records: archives, git histories, folders."""
