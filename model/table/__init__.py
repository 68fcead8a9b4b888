"""Tables of points as other programs write them: read, judged and written."""
