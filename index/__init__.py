"""Where to look: articles, the indexes over their chunks, and the collection that holds them.

Nothing is imported here, so that what needs one module does not load the others; ``qa`` re-exports what users need.
"""
