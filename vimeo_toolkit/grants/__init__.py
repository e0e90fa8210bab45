"""An authorization server for people who sign in with Vimeo: its clients, codes and tokens.

`server` is its door; everything is kept in the toolkit's store, so that several machines are one server.
"""
