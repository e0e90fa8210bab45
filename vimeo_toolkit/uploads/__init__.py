"""Upload files to Vimeo: which files may be read, the tus protocol, and unfinished uploads."""
