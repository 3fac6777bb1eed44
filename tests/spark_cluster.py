"""A Spark of this machine alone, on loopback: a master, two workers and a Connect server, each a process of its own."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

ZONE = "Europe/Istanbul"
PLAIN = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
}
"""What makes small questions quick: no code is written and compiled for each, no plan is made anew amid it."""
USUAL = {
    "spark.sql.codegen.wholeStage": "true",
    "spark.sql.codegen.factoryMode": "FALLBACK",
    "spark.sql.adaptive.enabled": "true",
}
"""The same as they are unless somebody sets them."""
_CLASS = "org.apache.spark.deploy.{0}.{1}"
_SERVER = "org.apache.spark.sql.connect.service.SparkConnectServer"
_PATIENCE_S = 240


def lacks() -> str:
    """Return what is missing here for such a Spark; nothing where all is there."""
    found = find_spec("pyspark")
    missing = [word for word, there in (("pyspark", found), ("java", shutil.which("java"))) if not there]
    return " and ".join(missing)


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


@dataclass
class Spark:
    """The processes and where each says what it does; its zone is not UTC."""

    room: Path
    port: int = field(default_factory=free_port)
    _master: int = field(default_factory=free_port)
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self) -> None:
        """Start all of them and wait until questions are taken; machines join as they are there."""
        self._run(
            "master",
            "spark-class",
            _CLASS.format("master", "Master"),
            "--host",
            "127.0.0.1",
            "--port",
            str(self._master),
            "--webui-port",
            "0",
        )
        self._wait(self._master)
        for name in ("one", "two"):
            self._run(
                name,
                "spark-class",
                _CLASS.format("worker", "Worker"),
                "--host",
                "127.0.0.1",
                "--cores",
                "1",
                "--memory",
                "1g",
                "--webui-port",
                "0",
                "--work-dir",
                str(self.room / name),
                self._leader,
            )
        told = {
            "spark.connect.grpc.binding.address": "127.0.0.1",
            "spark.connect.grpc.binding.port": self.port,
            "spark.driver.host": "127.0.0.1",
            "spark.ui.enabled": "false",
            "spark.sql.shuffle.partitions": 2,
            "spark.executor.cores": 1,
            "spark.sql.warehouse.dir": self.room / "kept",
            **PLAIN,
        }
        conf = [word for name, value in told.items() for word in ("--conf", f"{name}={value}")]
        self._run(
            "server",
            "spark-submit",
            "--class",
            _SERVER,
            "--master",
            self._leader,
            "--driver-memory",
            "1g",
            "--executor-memory",
            "640m",
            *conf,
            "spark-internal",
        )
        self._wait(self.port)

    def address(self, name: str) -> str:
        """Return the address of a database there."""
        return f"spark://127.0.0.1:{self.port}/{name}?files={self.room / 'files'}"

    def lose(self, worker: str) -> None:
        """Kill a machine with all that runs on it."""
        process = self._running.pop(worker)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def done_by(self, worker: str) -> int:
        """Return how many tasks a machine has done."""
        return sum(log.read_text("utf-8").count("Finished task") for log in (self.room / worker).glob("*/*/stderr"))

    def stop(self) -> None:
        """End all that was started here."""
        for name in [*self._running]:
            self.lose(name)

    @property
    def _leader(self) -> str:
        return f"spark://127.0.0.1:{self._master}"

    def _run(self, name: str, program: str, *words: str) -> None:
        spec = find_spec("pyspark")
        assert spec is not None
        assert spec.submodule_search_locations
        home = Path(spec.submodule_search_locations[0])
        more = {
            "SPARK_HOME": str(home),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_LOCAL_HOSTNAME": "127.0.0.1",
            "SPARK_DAEMON_MEMORY": "512m",
            "TZ": ZONE,
        }
        command: Sequence[str] = (str(home / "bin" / program), *words)
        with (self.room / f"{name}.log").open("wb") as log:
            self._running[name] = subprocess.Popen(
                command, env=os.environ | more, cwd=self.room, stdout=log, stderr=log, start_new_session=True
            )

    def _wait(self, port: int) -> None:
        until = time.monotonic() + _PATIENCE_S
        while time.monotonic() < until:
            with socket.socket() as asked:
                if asked.connect_ex(("127.0.0.1", port)) == 0:
                    return
            assert all(process.poll() is None for process in self._running.values()), self._said()
            time.sleep(0.2)
        raise AssertionError(self._said())

    def _said(self) -> str:
        return "\n".join(log.read_text("utf-8")[-2000:] for log in self.room.glob("*.log"))
