"""The load generator, a process of its own: ready-made requests, keep-alive, one at a time a socket.

`python -m bench.river.load PORT SKUS FIRST COUNT`: it makes the requests, says `ready`, and for each line
`CONNECTIONS COUNT` on its stdin sends the next so many and answers with one line of JSON.
"""

import selectors
import socket
import sys
import time

import msgspec

from bench.river import shop

PATIENCE_S = 30.0  # without any answer: then the server is given up


class Sent(msgspec.Struct):
    """What came of a round: times of the answers in ms, and the orders that were thanked for."""

    seconds: float
    answers_ms: list[float]
    thanked: list[int]
    turned_away: dict[str, int]  # status line -> how many
    cpu_ms: float


class Lane:
    """One connection with at most one request on it."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.number, self.began, self.heard = 0, 0.0, b""

    def send(self, number: int, request: bytes) -> None:
        self.number, self.began, self.heard = number, time.perf_counter(), b""
        self.socket.sendall(request)

    def hear(self) -> bytes:
        """The status line once the answer is complete, else nothing. Raises ConnectionError."""
        part = self.socket.recv(65_536)
        if not part:
            raise ConnectionError("the server hung up")
        self.heard += part
        head, mark, body = self.heard.partition(b"\r\n\r\n")
        if not mark:
            return b""
        length = next(
            int(line[15:]) for line in head.split(b"\r\n") if line[:15].lower() == b"content-length:"
        )
        return head.split(b"\r\n", 1)[0] if len(body) >= length else b""


def request(delivery: shop.Delivery, port: int) -> bytes:
    """The delivery as bytes on the wire."""
    lines = [
        f"POST /in/{shop.SLUG} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        *(f"{name}: {value}" for name, value in delivery.headers.items()),
        f"Content-Length: {len(delivery.body)}",
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + delivery.body


def send(port: int, connections: int, requests: list[tuple[int, bytes]]) -> Sent:
    """Send these requests, as many at a time as there are connections; each is answered before its next."""
    found = Sent(0.0, [], [], {}, 0.0)
    with selectors.DefaultSelector() as selector:
        lanes = [Lane(port) for _ in range(min(connections, len(requests)))]
        for lane in lanes:
            selector.register(lane.socket, selectors.EVENT_READ, lane)
        waiting = iter(requests)
        began, cpu = time.perf_counter(), time.process_time()
        for lane in lanes:
            lane.send(*next(waiting))
        busy = len(lanes)
        while busy:
            ready = selector.select(PATIENCE_S)
            if not ready:
                raise TimeoutError(f"no answer for {PATIENCE_S:.0f} s, {busy} requests open")
            for key, _ in ready:
                lane = key.data
                if not (status := lane.hear()):
                    continue
                _note(found, lane, status)
                if following := next(waiting, None):
                    lane.send(*following)
                else:
                    busy -= 1
        found.seconds = time.perf_counter() - began
        found.cpu_ms = (time.process_time() - cpu) * 1000
        for lane in lanes:
            lane.socket.close()
    return found


def _note(found: Sent, lane: Lane, status: bytes) -> None:
    found.answers_ms.append((time.perf_counter() - lane.began) * 1000)
    if status[9:10] == b"2":
        found.thanked.append(lane.number)
    else:
        line = status.decode()
        found.turned_away[line] = found.turned_away.get(line, 0) + 1


def main(port: int, skus: int, first: int, count: int) -> None:
    made = [
        (number, request(shop.delivery(number, skus=skus), port)) for number in range(first, first + count)
    ]
    print("ready", flush=True)
    for line in sys.stdin:
        connections, wanted = map(int, line.split())
        batch, made = made[:wanted], made[wanted:]
        sys.stdout.buffer.write(msgspec.json.encode(send(port, connections, batch)) + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:5]))
