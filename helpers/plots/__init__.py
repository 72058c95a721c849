"""One function a figure: frames and arrays go in, the matplotlib Axes come back.

Each draws on `ax` or, without one, on a new figure, in the house style of `helpers.plots.style`.
The title states what the figure shows; pass `title` to say it differently.
"""
