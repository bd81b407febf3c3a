"""Every statement that anguan sends to the graph: one file, one query, one typed header."""

from pathlib import Path

ROOT = Path(__file__).parent
