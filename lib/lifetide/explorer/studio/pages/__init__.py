"""The studio's pages beside the builder, drawn by the kernel with the report's charts, as markup.

Each page is a few parts; a part is one <section> with an id, so that the browser can replace it when it comes anew.
"""
