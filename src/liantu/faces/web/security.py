"""What every answer carries, and what may be sent here: nothing from elsewhere, in bounds."""

import logging
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
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
_OWN = frozenset({"localhost", "127.0.0.1", "[::1]"})


class Guard:
    """Puts the headers on every answer and refuses what another site or a flood sends.

    ``hosts`` are names under which it is served besides its own address; ``fault`` makes the
    answer to a request that failed.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        upload_bytes: int,
        hosts: Iterable[str] = (),
        fault: Callable[[Scope], Response],
    ) -> None:
        self._app = app
        self._upload_bytes = upload_bytes
        self._hosts = _OWN | {name.lower() for name in hosts}
        self._fault = fault

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
        if not self._is_ours(scope, headers.get("host", "")):
            await _misdirected()(scope, receive, guarded)
            return
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
            await self._told(scope)(scope, receive, guarded)

    def _is_ours(self, scope: Scope, host: str) -> bool:
        """Whether the name asked for is one of ours, so that no other name leads here.

        Another site may let its own name point to this machine and then read its pages.
        """
        name = host_name(host)
        served = scope.get("server")
        return name in self._hosts or bool(served and name == host_name(_bare(served[0])))

    def _told(self, scope: Scope) -> Response:
        try:
            return self._fault(scope)
        except Exception:  # noqa: BLE001 - whatever it is, words are told
            _LOG.exception("no page for the fault either")
            return PlainTextResponse("The observatory failed. Its log says why.", 500)

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


def host_name(host: str) -> str:
    """The name in a Host header, without its port: an IPv6 address in its brackets."""
    text = host.strip().lower()
    if text.startswith("["):
        return text.partition("]")[0] + "]"
    return text.partition(":")[0]


def _bare(served: str) -> str:
    """The address of a socket as a Host header writes it."""
    return f"[{served}]" if ":" in served else served


def _misdirected() -> PlainTextResponse:
    return PlainTextResponse(
        "Refused: the observatory is not served under this name. Open it at the address that "
        "it printed when it was started, or start it with this name as one of its hosts.",
        status_code=421,
    )
