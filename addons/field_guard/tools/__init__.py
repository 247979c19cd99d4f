from .shapes import has_shape, is_id, is_links
