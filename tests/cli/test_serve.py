"""`sluicegate serve` says when it listens, why it cannot, and ends without a traceback."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from command_line import sluicegate
from own_form import BROKEN, BROKEN_LINE, write_form
from sluicegate.cli import application
from tiny_world import tiny_node

OUR_CODE = str(Path(application.__file__).parents[1])
"""Where the package lies, as a line of a traceback in it would say."""

_PATIENCE = 60.0


@pytest.fixture(autouse=True)
def interruptible() -> None:
    """Let Ctrl-C reach the command, even where the tests run behind a shell's `&`.

    A shell without job control starts such work with the signal ignored, and what it
    starts inherits that.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_node(tmp_path_factory.mktemp("serve") / "node")


@contextmanager
def serving(node: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    """Start the command in a process of its own; it is gone at the end."""
    command = [sys.executable, "-m", "sluicegate", "serve", "--node", str(node), *words]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, process_group=0) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def listening_at(process: subprocess.Popen[str]) -> str:
    """Wait for the line that says where it listens."""
    assert process.stderr is not None
    line = process.stderr.readline()
    found = re.fullmatch(r"console and API: (\S+) \(end with Ctrl-C\)\n", line)
    assert found, line
    return found[1]


def ended(process: subprocess.Popen[str], one: signal.Signals) -> tuple[int, str]:
    process.send_signal(one)
    _, err = process.communicate(timeout=_PATIENCE)
    return process.returncode, err


def children_of(process_id: int) -> list[int]:
    text = Path(f"/proc/{process_id}/task/{process_id}/children").read_text(encoding="ascii")
    return [int(one) for one in text.split()]


def is_there(process_id: int) -> bool:
    return Path(f"/proc/{process_id}").exists()


@pytest.mark.parametrize("one", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_says_where_once_it_answers_and_ends_with_its_worker(
    node: Path, one: signal.Signals
) -> None:
    with serving(node, "--port", "0") as process:
        here = listening_at(process)
        assert httpx.get(f"{here}/health/ready", timeout=_PATIENCE).json() == {"status": "ok"}
        workers = children_of(process.pid)
        assert len(workers) == 1
        code, err = ended(process, one)
    assert (code, err) == (0, "stopped\n")
    assert not is_there(workers[0])


@pytest.mark.parametrize("seconds", [0.3, 0.8, 1.6])
def test_ctrl_c_while_it_starts_gives_no_traceback(node: Path, seconds: float) -> None:
    """A terminal sends Ctrl-C to the whole group, so it is sent to the group here.

    A process that has not begun to listen for it is ended by the signal itself; on
    a busy machine Python has not even begun to read the command by then, and says so.
    """
    with serving(node, "--port", "0") as process:
        time.sleep(seconds)
        os.killpg(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=_PATIENCE)
    assert "Traceback" not in err or OUR_CODE not in err
    assert process.returncode in (0, 1, 130, -signal.SIGINT)


def test_an_address_in_use_is_said_in_a_sentence(node: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = sluicegate("serve", "--node", node, "--port", port, "--no-worker")
    assert ran.code == 2
    assert f"--port {port}: another program listens at 127.0.0.1 already" in ran.err
    assert "Traceback" not in ran.err
    assert "console and API" not in ran.err


def test_a_host_that_is_none_is_said_in_a_sentence(node: Path) -> None:
    words = ("serve", "--node", node, "--no-worker", "--behind-proxy")
    ran = sluicegate(*words, "--host", "no such host")
    assert ran.code == 2
    assert "is no address of this machine" in ran.err


def test_others_are_not_served_without_https(node: Path) -> None:
    ran = sluicegate("serve", "--node", node, "--host", "0.0.0.0", "--no-worker")
    assert ran.code == 2
    assert "others would reach the node without https" in ran.err


def test_a_node_whose_own_form_has_a_fault_is_not_served(tmp_path: Path) -> None:
    node = tiny_node(tmp_path / "node")
    write_form(node, BROKEN)
    ran = sluicegate("serve", "--node", node, "--port", "0")
    assert (ran.code, f"note.yaml:{BROKEN_LINE}: " in ran.err) == (2, True)
