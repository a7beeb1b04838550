"""The page of a sweep: one HTML file that needs nothing else, put together from the files of this folder."""
