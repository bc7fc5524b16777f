"""The gradus program as a process beside Python: frames over its standard input and output (docs/pipe.md)."""

import atexit
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path

import numpy as np

PROTOCOL = 1
_PREFIX = struct.Struct("<4sIQ")  # mark, bytes of the head, bytes of the body
_MARK = b"grd1"


class GradusInputError(ValueError):
    """What was asked cannot be done; the sentence says why and what to do. ``key`` names it whatever the language."""

    def __init__(self, sentence, key=""):
        super().__init__(sentence)
        self.key = key


class GradusError(RuntimeError):
    """The run failed although the input was right."""


def binary():
    """The path of the gradus program: GRADUS_BINARY, else the one in this package, else the one on PATH."""
    chosen = os.environ.get("GRADUS_BINARY")
    if chosen:
        if not os.path.isfile(chosen):
            raise FileNotFoundError("GRADUS_BINARY names no file: " + chosen)
        return chosen
    own = Path(__file__).parent / "bin" / ("gradus.exe" if sys.platform == "win32" else "gradus")
    if own.is_file():
        return str(own)
    found = shutil.which("gradus")
    if found is None:
        raise FileNotFoundError(
            "the gradus program is not here: install the wheel made for this platform, put gradus on PATH, or set GRADUS_BINARY to its path"
        )
    return found


class Engine:
    """One process. ``ask`` sends a request and returns its answer; it is not shared between threads."""

    def __init__(self):
        environment = dict(os.environ)
        threads = environment.get("OMP_NUM_THREADS", "")  # joblib gives its workers their share of the cores so
        if threads.isdigit():
            environment.setdefault("GOMAXPROCS", threads)
        apart = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP} if sys.platform == "win32" else {"start_new_session": True}
        self.said = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [binary(), "pipe"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.said, env=environment, **apart
        )
        head, _ = self.ask({"do": "hello"})
        if head.get("protocol") != PROTOCOL:
            self.kill()
            raise GradusError(
                "this package speaks version %d of the protocol, %s (gradus %s) speaks %s: install both from one release"
                % (PROTOCOL, binary(), head.get("gradus"), head.get("protocol"))
            )

    def ask(self, head, parts=(), tell=None):
        """Send head (a dict) and parts (buffers); return the answer's head and body (a uint8 array). tell gets the progress."""
        text = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
        parts = [memoryview(p).cast("B") for p in parts if len(p)]
        try:
            out = self.process.stdin
            out.write(_PREFIX.pack(_MARK, len(text), sum(len(p) for p in parts)) + text)
            for part in parts:
                out.write(part)
            out.flush()
            while True:
                answer, body = self._frame()
                if "progress" not in answer:
                    break
                if tell is not None:
                    tell(answer["progress"])
        except (BrokenPipeError, EOFError) as error:
            raise GradusError(self._last_words()) from error
        if "error" in answer:
            if answer["failure"]:
                raise GradusError(answer["error"])
            raise GradusInputError(answer["error"], answer["key"])
        return answer, body

    def _frame(self):
        mark, head, body = _PREFIX.unpack(self._read(_PREFIX.size))
        if mark != _MARK:
            raise EOFError
        return json.loads(self._read(head).tobytes()), self._read(body)

    def _read(self, size):
        room = np.empty(size, np.uint8)
        view, done = memoryview(room), 0
        while done < size:
            n = self.process.stdout.readinto(view[done:])
            if not n:
                raise EOFError
            done += n
        return room

    def _last_words(self):
        self.kill()
        self.said.seek(0)
        words = self.said.read().decode(errors="replace").strip()
        return "the gradus process ended" + (": " + words[-2000:] if words else " (exit status %s)" % self.process.returncode)

    def kill(self):
        """End the process at once."""
        self.process.kill()
        self.process.wait()
        self._close()

    def end(self):
        """Let the process end, which it does when its input does."""
        self._close()
        try:
            self.process.wait(2)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def leave(self):
        """Forget the process of a parent after a fork."""
        self._close()
        self.process.returncode = 0

    def _close(self):
        for stream in (self.process.stdin, self.process.stdout):
            try:
                stream.detach().close()  # what is buffered goes nowhere
            except (OSError, ValueError):
                pass


_idle = []
_lock = threading.Lock()


@contextmanager
def engine():
    """An engine for one conversation, an idle one or a new one. Where the conversation breaks off (Ctrl-C too) its process ends with it."""
    with _lock:
        one = _idle.pop() if _idle else None
    if one is not None and one.process.poll() is not None:
        one._close()
        one = None
    if one is None:
        one = Engine()
    try:
        yield one
    except (GradusInputError, GradusError):
        if one.process.poll() is None:
            _rest(one)
        raise
    except BaseException:
        one.kill()
        raise
    _rest(one)


def _rest(one):
    with _lock:
        _idle.append(one)


@atexit.register
def shutdown():
    """End every idle engine; the next call starts a new one."""
    with _lock:
        engines, _idle[:] = list(_idle), []
    for one in engines:
        one.end()


def _forked():
    global _lock
    _lock = threading.Lock()
    for one in _idle:
        one.leave()
    _idle.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)
