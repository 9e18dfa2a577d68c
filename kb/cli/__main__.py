import sys

from kb.cli import run

sys.exit(run())
