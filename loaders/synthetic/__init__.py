"""The synthetic procuratorate: a native package whose truth is known by construction."""

from loaders.synthetic.world import Generated, generate

__all__ = ["Generated", "generate"]
