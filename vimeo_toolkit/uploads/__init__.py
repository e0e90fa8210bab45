"""Bringing files to Vimeo: which may be read, the tus protocol, and what is still unfinished."""
