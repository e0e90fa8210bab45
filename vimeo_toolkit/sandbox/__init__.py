"""A Vimeo to develop and test against: a real HTTP server on loopback, written from the API's description.

It knows nothing of the rest of this package and the rest knows nothing of it, so that a mistake in a tool shows
here instead of being repeated.
"""

from vimeo_toolkit.sandbox.fault_proxy import FaultProxy
from vimeo_toolkit.sandbox.faults import FAULTS, Fault
from vimeo_toolkit.sandbox.quirks import QUIRKS, Quirk
from vimeo_toolkit.sandbox.server import Sandbox
from vimeo_toolkit.sandbox.state import App, Token, User, Video

__all__ = ["FAULTS", "QUIRKS", "App", "Fault", "FaultProxy", "Quirk", "Sandbox", "Token", "User", "Video"]
