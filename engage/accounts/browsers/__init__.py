"""Names the browser that someone uses, in two plain words."""
