"""A component that talks to servers by libraries that know nothing of WebAssembly: the database clients `redis` and
`pg8000`, both pure Python, and Python's own `socket`, `http.client`, `http.server`.

What is imported here is in the component; what a library would import later, when it is first used, would not be.
"""

import encodings.idna
import hashlib
import http.client
import http.server
import json
import secrets
import socket
import sys
import threading
import traceback
import types
import urllib.request

import redis
import redis.exceptions

# This Python is built without TLS. pg8000 does not use what it imports of it unless it is asked to.
sys.modules["ssl"] = types.ModuleType("ssl")
sys.modules["ssl"].SSLObject = sys.modules["ssl"].SSLSocket = type("None", (), {})
import pg8000.dbapi
del sys.modules["ssl"]

import wit_world
from componentize_py_types import Err
from wit_world import exports


def redis_client(host: str, port: str) -> None:
    client = redis.Redis(host=host, port=int(port), decode_responses=True)
    print("ping:", client.ping())
    client.set("text", "grüße", ex=100)
    print("get:", client.get("text"), client.get("none"), client.ttl("text") > 90)
    print("incr:", client.incr("count", 41), client.incr("count"))
    binary = redis.Redis(host=host, port=int(port))
    large = bytes(i % 251 for i in range(3_000_000))
    binary.set("large", large)
    print("large:", binary.get("large") == large)
    with client.pipeline(transaction=True) as pipe:
        for i in range(5_000):
            pipe.rpush("list", i)
        pipe.llen("list")
        print("pipeline:", pipe.execute()[-1])
    print("range:", client.lrange("list", -3, -1))
    client.hset("hash", mapping={"name": "Ada", "born": 1815})
    print("hash:", client.hgetall("hash"))
    print("script:", client.eval("return {ARGV[1], redis.call('GET', KEYS[1])}", 1, "count", "x"))
    try:
        client.incr("text")
    except redis.exceptions.ResponseError as error:
        print("error:", error)
    print("scan:", sorted(client.scan_iter("*", count=2)))
    with client.pubsub(ignore_subscribe_messages=True) as listener:
        listener.subscribe("channel")
        listener.get_message(timeout=5)
        print("published:", client.publish("channel", "hello"))
        print("message:", listener.get_message(timeout=5)["data"])
        print("silence:", listener.get_message(timeout=0.05))


def postgres_client(host: str, port: str) -> None:
    server = {"host": host, "port": int(port), "database": "postgres", "ssl_context": False}
    connection = pg8000.dbapi.connect("ada", password="lovelace", **server)
    cursor = connection.cursor()
    cursor.execute("create table person (name text primary key, born integer, notes jsonb)")
    cursor.executemany(
        "insert into person values (%s, %s, %s)",
        [("Ada", 1815, json.dumps({"works": ["Note G"]})), ("Käthe", 1867, None), ("Grace", 1906, "{}")],
    )
    connection.commit()
    cursor.execute("select name, born, notes from person where born > %s order by born", (1800,))
    for row in cursor.fetchall():
        print(*row)
    try:
        cursor.execute("insert into person values ('Ada', 1)")
    except pg8000.dbapi.DatabaseError as error:
        print("error:", error.args[0]["C"], error.args[0]["n"])
    connection.rollback()
    cursor.execute("select i, repeat('x', 1000) from generate_series(1, 5000) i")
    print("rows:", sum(len(text) for _, text in cursor))
    cursor.execute("select count(*), sum(born) from person")
    print("sum:", *cursor.fetchone())
    connection.close()
    try:
        pg8000.dbapi.connect("ada", password="wrong", **server)
    except pg8000.dbapi.DatabaseError as error:
        print("refused:", error.args[0]["C"])


def sockets(host: str, port: str) -> None:
    """What Python itself has, towards a server that answers each line with itself."""
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(b"hello\n")
        print("echo:", connection.makefile("rb").readline())
        print("peer:", connection.getpeername() == (host, int(port)), connection.getsockname()[0])
        connection.settimeout(0.05)
        try:
            connection.recv(1)
        except TimeoutError as error:
            print("timeout:", error)
        connection.setblocking(False)
        try:
            connection.recv(1)
        except BlockingIOError:
            print("would block")
        connection.setblocking(True)
        connection.shutdown(socket.SHUT_WR)
        print("end:", connection.recv(10))
    for address in [(host, 1), ("192.0.2.1", 80)]:
        try:
            socket.create_connection(address, timeout=5)
        except OSError as error:
            print("error:", type(error).__name__)
    # Names come from the resolver, as they do elsewhere.
    print("localhost:", {info[4][0] for info in socket.getaddrinfo("localhost", 80, type=socket.SOCK_STREAM)} <= {"127.0.0.1", "::1"})
    sender, receiver = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
    receiver.bind(("127.0.0.1", 0))
    sender.sendto(b"datagram", receiver.getsockname())
    print("datagram:", receiver.recvfrom(100)[0])


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        answer = json.dumps({"path": self.path, "length": len(body), "sha256": hashlib.sha256(body).hexdigest()})
        self.send_response(200)
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer.encode())

    def log_message(self, format: str, *arguments: object) -> None:
        print(format % arguments, flush=True)


def web_server(number: str) -> None:
    """Python's own web server, for so many connections."""
    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        print("listening on", server.server_address[1], flush=True)
        for _ in range(int(number)):
            server.handle_request()


def web_client(url: str) -> None:
    """Python's own web client; by plain sockets, not by wasi:http."""
    with urllib.request.urlopen(urllib.request.Request(url, data=b"x" * 100_000, method="POST")) as answer:
        print(answer.status, answer.headers["x-answer"], len(answer.read()))


COMMANDS = {
    "redis": redis_client,
    "postgres": postgres_client,
    "sockets": sockets,
    "serve": web_server,
    "post": web_client,
}


class Run(exports.Run):
    def run(self) -> None:
        try:
            COMMANDS[sys.argv[1]](*sys.argv[2:])
        except Exception:
            traceback.print_exc()
            raise Err(None)
        finally:
            sys.stdout.flush()
