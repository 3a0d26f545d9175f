"""A worker as a child process: started, started anew when it dies, and ended with its parent."""

from __future__ import annotations

import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

SHORTEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 60.0
_PATIENCE_SECONDS = 30.0
_LOOK_SECONDS = 0.5


@dataclass
class WorkerHandle:
    """A worker of a node in a process of its own.

    A worker that dies is started anew after a pause that grows while it keeps
    dying. `stop` asks it to end at its next step, and ends it when it does not.
    """

    command: tuple[str, ...]
    shortest_pause: float = SHORTEST_PAUSE_SECONDS
    _stop: threading.Event = field(default_factory=threading.Event, repr=False)
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    _watcher: threading.Thread | None = field(default=None, repr=False)
    starts: int = 0

    def start(self) -> WorkerHandle:
        """Start the worker and whatever watches it."""
        self._begin()
        self._watcher = threading.Thread(target=self._watch, name="worker-watch", daemon=True)
        self._watcher.start()
        return self

    @property
    def process_id(self) -> int | None:
        """The id of the process at work, None while there is none."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    @property
    def is_alive(self) -> bool:
        """Whether a worker is at work."""
        return self.process_id is not None

    def stop(self, patience: float = _PATIENCE_SECONDS) -> None:
        """End the worker; its job waits for the next one."""
        self._stop.set()
        if self._watcher is not None:
            self._watcher.join()
        process = self._process
        if process is None or process.poll() is not None:
            return
        process.terminate()
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _begin(self) -> None:
        self.starts += 1
        # A group of its own: Ctrl-C at a terminal reaches the parent only, which ends the worker.
        self._process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, process_group=0)

    def _watch(self) -> None:
        pause = self.shortest_pause
        while not self._stop.wait(_LOOK_SECONDS):
            if self.is_alive:
                continue
            if self._stop.wait(pause):
                return
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
            self._begin()


def worker_command(node: Path) -> tuple[str, ...]:
    """Return the command line of a node's worker."""
    return (sys.executable, "-m", "sluicegate", "jobs", "work", "--node", str(node.absolute()))
