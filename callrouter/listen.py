"""Where the service listens, and how."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Listen:
    """Where and with how many processes the server listens."""

    host: str
    port: int
    workers: int = 1
    with_jobs: bool = True

    @property
    def address(self) -> str:
        """Host and port as a URL has them."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def own_url(self) -> str:
        """Where it can be asked on this machine: nobody can be asked at an address that means all of them."""
        near = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(self.host, self.host)  # noqa: S104 - read
        return f"http://{replace(self, host=near).address}"
