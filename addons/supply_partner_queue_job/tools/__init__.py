from .chunks import chunks
