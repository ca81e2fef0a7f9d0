"""What every answer carries, and what may be sent here: nothing from elsewhere, in bounds."""

import logging
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
        "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_LOG = logging.getLogger(__name__)
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


class Guard:
    """Puts the headers on every answer and refuses what another site or a flood sends."""

    def __init__(self, app: ASGIApp, *, upload_bytes: int) -> None:
        self._app = app
        self._upload_bytes = upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        started = False

        async def guarded(message: Message) -> None:
            nonlocal started
            started = True
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        headers = Headers(scope=scope)
        if scope["method"] not in _READING:
            refused = self._refused(headers)
            if refused is not None:
                await refused(scope, receive, guarded)
                return
            receive = self._bounded(receive)
        try:
            await self._app(scope, receive, guarded)
        except Exception:
            _LOG.exception("no answer to %s", scope["path"])
            if started:
                raise
            fault = PlainTextResponse("The observatory failed. Its log says why.", 500)
            await fault(scope, receive, guarded)

    def _refused(self, headers: Headers) -> PlainTextResponse | None:
        if not same_origin(headers):
            return PlainTextResponse(
                "Refused: the request came from another site. Send it from a page of this one.",
                status_code=403,
            )
        length = headers.get("content-length", "")
        if length.isdecimal() and int(length) > self._upload_bytes:
            return self.too_large()
        return None

    def too_large(self) -> PlainTextResponse:
        """The answer to an upload over the limit."""
        limit = self._upload_bytes // 2**20
        return PlainTextResponse(
            f"Refused: more than {limit} MiB at once. Import fewer files, or use the command "
            "liantu import.",
            status_code=413,
        )

    def _bounded(self, receive: Receive) -> Receive:
        """The body of a request, cut off where it is longer than allowed."""
        received = 0

        async def bounded() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._upload_bytes:
                return {"type": "http.disconnect"}
            return message

        return bounded


def same_origin(headers: Headers) -> bool:
    """Whether a request that changes something comes from a page of ours, or from no page."""
    site = headers.get("sec-fetch-site")
    if site is not None and site not in {"same-origin", "none"}:
        return False
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")
