"""The synthetic procuratorate: a native package whose truth is known by construction."""

from pathlib import Path

from graph.errors import register_messages

register_messages(Path(__file__).with_name("messages.yaml"))

from loaders.synthetic.world import Generated, generate  # noqa: E402

__all__ = ["Generated", "generate"]
