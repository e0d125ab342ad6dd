"""Where to look: articles, the splitter, the indexes over chunks, and the collection that holds them."""
