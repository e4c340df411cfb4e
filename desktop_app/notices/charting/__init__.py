"""The pieces of a chart: canvas, scale, names of categories, and one module for each kind; ``notices.charts`` is the door."""
