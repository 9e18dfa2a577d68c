"""Build and import, conducted; verify; the cache of the packaged corpus."""
