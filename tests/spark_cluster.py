"""A real standalone cluster of Spark on loopback: one master, two workers with a core each."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from cli_running import ENVIRONMENT


def why_not() -> str | None:
    """Why Spark cannot be tested here, or None."""
    try:
        import pandas
        import pyspark  # noqa: F401
    except ImportError as error:
        return f"{error}; it comes with comity[spark]"
    if int(pandas.__version__.split(".")[0]) >= 3:
        return f"pandas {pandas.__version__} is too new for Spark, which comity[spark] would not install"
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        return "there is no Java; Debian has it as openjdk-17-jre-headless"
    return None


needs_spark = pytest.mark.skipif(why_not() is not None, reason=f"Spark: {why_not()}")


def environment() -> dict[str, str]:
    import pyspark

    home = str(Path(pyspark.__file__).parent)
    return ENVIRONMENT | {
        "SPARK_HOME": home,
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_DRIVER_PYTHON": sys.executable,
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


class Cluster:
    """The processes of a running cluster."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        port = _free_port()
        self.url = f"spark://127.0.0.1:{port}"
        self.processes: list[subprocess.Popen[bytes]] = []
        options = ("--host", "127.0.0.1", "--webui-port", str(_free_port()))
        self._start("master", "master.Master", *options, "--port", str(port))
        self._wait("master", "I have been elected leader")
        for name in ("one", "two"):
            options = ("--host", "127.0.0.1", "--webui-port", str(_free_port()), "--work-dir", str(folder / name))
            self._start(name, "worker.Worker", *options, "--cores", "1", "--memory", "2g", self.url)
        for name in ("one", "two"):
            self._wait(name, "Successfully registered with master")

    def _start(self, name: str, kind: str, *options: str) -> None:
        environment_ = environment()
        command = [f"{environment_['SPARK_HOME']}/bin/spark-class", f"org.apache.spark.deploy.{kind}", *options]
        with (self.folder / f"{name}.log").open("wb") as log:
            self.processes.append(
                subprocess.Popen(command, env=environment_, stdout=log, stderr=log, start_new_session=True)  # noqa: S603
            )

    def _wait(self, name: str, line: str) -> None:
        deadline = time.monotonic() + 120
        while line not in (said := (self.folder / f"{name}.log").read_text(errors="replace")):
            if time.monotonic() > deadline:
                raise AssertionError(f"Spark's {name} did not start:\n{said[-2000:]}")
            time.sleep(0.1)

    def kill_worker(self) -> None:
        """Take a worker away with everything that it has started, as when its machine is switched off."""
        for pid in _family(self.processes[-1].pid):
            os.kill(pid, signal.SIGKILL)

    def stop(self) -> None:
        for process in reversed(self.processes):
            for pid in _family(process.pid):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            process.wait()


def _family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    found = [pid]
    for task in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(task.read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
        if parent == pid:
            found.extend(_family(int(task.parent.name)))
    return found


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """A cluster for the time of a test."""
    made = Cluster(folder)
    try:
        yield made
    finally:
        made.stop()
