"""100 DAGs of 10 tasks and one of 40 in Airflow, with its LocalExecutor and SQLite.

usage: airflow_peer.py FOLDER CHAIN DAGS TASKS LIMIT_SECONDS

Prints `chain SECONDS` and `dags SECONDS TASKS_DONE`: from when the runs were queued to when the last task ended.
"""

import os
import pathlib
import sqlite3
import subprocess
import sys
import time

folder, chain, dags, tasks, limit = pathlib.Path(sys.argv[1]).absolute(), *map(int, sys.argv[2:6])
home = folder / "airflow"
(home / "dags").mkdir(parents=True)
port = "28793"
environment = {
    **os.environ,
    "AIRFLOW_HOME": str(home),
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
    "AIRFLOW__CORE__PARALLELISM": "4",
    "AIRFLOW__CORE__MAX_ACTIVE_TASKS_PER_DAG": "4",
    "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
    "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",
    "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{port}/execution/",
    "AIRFLOW__API__HOST": "127.0.0.1",
    "AIRFLOW__API__PORT": port,
    "AIRFLOW__API__WORKERS": "1",
    "AIRFLOW__API_AUTH__JWT_SECRET": "bench",
    "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.1",
    "PATH": str(pathlib.Path(sys.executable).parent) + os.pathsep + os.environ["PATH"],
}
DAG = """
from airflow.sdk import dag, task
from datetime import datetime

@dag(dag_id="{name}", schedule=None, start_date=datetime(2020, 1, 1), catchup=False)
def make():
    last = None
    for i in range({tasks}):
        @task(task_id=f"t{{i}}")
        def nothing():
            pass
        done = nothing()
        if last is not None:
            last >> done
        last = done

make()
"""


def write(name, count):
    (home / "dags" / f"{name}.py").write_text(DAG.format(name=name, tasks=count))


def query(sql):
    with sqlite3.connect(f"file:{home}/airflow.db?mode=ro", uri=True, timeout=30) as db:
        return db.execute(sql).fetchall()


def trigger(names):
    code = (
        "import sys\n"
        "from airflow.api_fastapi.common.dagbag import DBDagBag\n"
        "from airflow.api.common.trigger_dag import trigger_dag\n"
        "from airflow.utils.types import DagRunTriggeredByType\n"
        "for name in sys.argv[1:]:\n"
        "    trigger_dag(dag_id=name, triggered_by=DagRunTriggeredByType.CLI)\n"
    )
    subprocess.run(
        [sys.executable, "-c", code, *names], env=environment, check=True, stdout=subprocess.DEVNULL
    )


def measure(pattern, count):
    """Waits for so many tasks, and returns how long they took and how many were done."""
    done_sql = f"select count(*) from task_instance where dag_id like '{pattern}' and state = 'success'"
    began = time.monotonic()
    while query(done_sql)[0][0] < count and time.monotonic() - began < limit:
        time.sleep(0.5)
    seconds = query(
        "select (julianday(max(t.end_date)) - julianday(min(r.queued_at))) * 86400 from dag_run r"
        f" join task_instance t using (dag_id, run_id) where dag_id like '{pattern}' and t.state = 'success'"
    )[0][0]
    return seconds, query(done_sql)[0][0]


write("chain", chain)
for i in range(dags):
    write(f"d{i:03}", tasks)
subprocess.run(["airflow", "db", "migrate"], env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
log = open(folder / "airflow.log", "w")
processes = [
    subprocess.Popen(["airflow", *words], env=environment, stdout=log, stderr=log, start_new_session=True)
    for words in (["api-server"], ["dag-processor"], ["scheduler"])
]
try:
    began = time.monotonic()
    while query("select count(*) from serialized_dag")[0][0] < dags + 1 and time.monotonic() - began < limit:
        time.sleep(1)
    time.sleep(10)
    trigger(["chain"])
    seconds, done = measure("chain", chain)
    print(f"chain {seconds:.2f} {done}", flush=True)
    trigger([f"d{i:03}" for i in range(dags)])
    seconds, done = measure("d%", dags * tasks)
    print(f"dags {seconds:.2f} {done}", flush=True)
finally:
    for process in processes:
        os.killpg(process.pid, 15)
    for process in processes:
        process.wait()
