"""What the benchmarks of servers have in common: each server on one core, the load on another, time on the CPU."""
import http.client
import os
import signal
import subprocess
import sys
import time

SERVER_CORE, LOAD_CORE = "0", "1"
WRK_SCRIPT = """done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format("RESULT %d %d %d %d\\n", summary.requests, summary.duration,
    e.connect + e.read + e.write + e.timeout + e.status, latency:percentile(99)))
end
"""


def nginx_configuration(folder, name, server):
    path = os.path.join(folder, name + ".conf")
    temporary = "".join(
        f"{kind}_temp_path {folder}/{name}_{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    with open(path, "w") as file:
        file.write(f"""worker_processes 1; daemon off; error_log /dev/null crit; pid {folder}/{name}.pid;
events {{ worker_connections 4096; multi_accept on; }}
http {{ access_log off; keepalive_requests 100000000; keepalive_timeout 300s; server_tokens off; {temporary}
{server} }}""")
    return ["nginx", "-c", path]


def start(command, core, environment=None):
    return subprocess.Popen(
        ["taskset", "-c", core, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={**os.environ, **(environment or {})})


def stop(process):
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(6)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_until_answers(port, path, expected):
    deadline = time.time() + 20
    while time.time() < deadline:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", path)
            response = connection.getresponse()
            body = response.read().decode()
            if response.status == 200 and body == expected:
                return
        except OSError:
            pass
        time.sleep(0.05)
    sys.exit(f"port {port} does not give the expected answer")


def processes(pid):
    """The process and its children: nginx answers in a child."""
    children = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat") as file:
                    text = file.read()
                children.setdefault(int(text[text.rindex(")") + 2:].split()[1]), []).append(int(entry))
            except OSError:
                pass
    found, todo = [], [pid]
    while todo:
        found.append(todo.pop())
        todo += children.get(found[-1], [])
    return found


def cpu_nanoseconds(pid):
    total = 0
    for process in processes(pid):
        try:
            for thread in os.listdir(f"/proc/{process}/task"):
                with open(f"/proc/{process}/task/{thread}/schedstat") as file:
                    total += int(file.read().split()[0])
        except OSError:
            pass
    return total


def load(url, seconds, script, connections=64):
    output = subprocess.run(
        ["taskset", "-c", LOAD_CORE, "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "5s", "-s", script,
         url], capture_output=True, text=True).stdout
    for line in output.splitlines():
        if line.startswith("RESULT "):
            return [int(word) for word in line.split()[1:]]
    sys.exit("wrk failed: " + output)
