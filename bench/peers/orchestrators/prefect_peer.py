"""100 flows of 10 tasks and one of 40 in Prefect, in one process, with its server and SQLite.

usage: prefect_peer.py FOLDER CHAIN DAGS TASKS LIMIT_SECONDS

Prints `chain SECONDS TASKS` and `dags SECONDS TASKS`.
"""

import os
import pathlib
import subprocess
import sys
import time
import urllib.request

folder, chain, dags, tasks, limit = pathlib.Path(sys.argv[1]), *map(int, sys.argv[2:6])
home = folder / "prefect"
home.mkdir(parents=True)
address = "http://127.0.0.1:28794"
os.environ.update(
    PREFECT_HOME=str(home),
    PREFECT_API_URL=address + "/api",
    PREFECT_LOGGING_LEVEL="ERROR",
    PREFECT_SERVER_ANALYTICS_ENABLED="false",
)
server = subprocess.Popen(
    [str(pathlib.Path(sys.executable).parent / "prefect"), "server", "start", "--host", "127.0.0.1", "--port", "28794"],
    stdout=open(folder / "prefect.log", "w"),
    stderr=subprocess.STDOUT,
    start_new_session=True,
)
try:
    while True:
        try:
            urllib.request.urlopen(address + "/api/health").read()
            break
        except OSError:
            if server.poll() is not None:
                sys.exit("Prefect's server ended:\n" + (folder / "prefect.log").read_text()[-2000:])
            time.sleep(0.5)

    from prefect import flow, task

    @task
    def nothing(last):
        return 0

    @flow
    def line(count):
        last = 0
        for _ in range(count):
            last = nothing(last)

    line(2)
    began = time.monotonic()
    line(chain)
    print(f"chain {time.monotonic() - began:.2f} {chain}", flush=True)
    began = time.monotonic()
    done = 0
    for _ in range(dags):
        if time.monotonic() - began < limit:
            line(tasks)
            done += tasks
    print(f"dags {time.monotonic() - began:.2f} {done}", flush=True)
finally:
    if server.poll() is None:
        os.killpg(server.pid, 15)
        server.wait()
