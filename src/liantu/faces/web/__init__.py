"""The web face: pages, JSON, CSV and pictures over HTTP, all derived from the lenses."""

from liantu.faces.web.application import app

__all__ = ["app"]
