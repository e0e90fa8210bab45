"""A model that follows a script for each task, in every framework's own agent loop: the suite scored by itself."""

from vimeo_toolkit.evaluation.scripted.agents import scripted_agent

__all__ = ["scripted_agent"]
