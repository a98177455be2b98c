"""Fuzzing: mutated files read in a child process, which may take so much time and memory, and end in errors of ours.

Every input follows from its number: what failed once is made again by `mutated(seeds, number)`.
"""

import io
import json
import os
import resource
import signal
import struct
import time
import zipfile
import zlib

import numpy as np

SECONDS, BYTES = 10, 2**30  # of processor time for an input; of memory beyond what the process has
NUMBERS = (0, 1, 2**7, 2**8 - 1, 2**15, 2**16 - 1, 2**31 - 1, 2**31, 2**32 - 1, 2**40, 2**63 - 1, 2**63, 2**64 - 1)
TEXTS = (
    b"nan",
    b"inf",
    b"-1",
    b"1e999",
    b"[[[[",
    b"null",
    b"\0",
    b"\xff\xfe",
    b"9" * 400,
    b"9" * 5000,
    b"\n\n",
    b"..",
    b'"',
    b",,",
)


def mutated(seeds, number):
    """Return the bytes of an input: one of the seeds, changed in one to four positions."""
    rng = np.random.default_rng(number)
    raw = bytearray(seeds[rng.integers(len(seeds))])
    for _ in range(rng.integers(1, 5)):
        at, kind = int(rng.integers(len(raw) + 1)), rng.integers(9)
        near = int(rng.integers(min(len(raw), 256) + 1))  # headers are at the beginning
        at = near if rng.random() < 0.4 else at
        length = int(rng.integers(1, 33))
        if kind == 0 and raw:
            raw[at % len(raw)] ^= 1 << int(rng.integers(8))
        elif kind == 1 and raw:
            raw[at % len(raw)] = int(rng.choice((0, 1, 0x7F, 0x80, 0xFF, 0x2E, 0x28)))
        elif kind == 2:
            width, order = int(rng.choice((2, 4, 8))), str(rng.choice(("little", "big")))
            value = NUMBERS[rng.integers(len(NUMBERS))] % 2 ** (8 * width)
            raw[at : at + width] = value.to_bytes(width, order)
        elif kind == 3:
            del raw[at : at + length]
        elif kind == 4:
            raw[at:at] = rng.bytes(length)
        elif kind == 5:
            raw[at:at] = raw[at : at + length] * int(rng.integers(1, 9))
        elif kind == 6:
            del raw[at:]
        elif kind == 7:
            raw[at : at + length] = TEXTS[rng.integers(len(TEXTS))]
        else:
            other = seeds[rng.integers(len(seeds))]
            start = int(rng.integers(len(other) + 1))
            raw[at : at + length] = other[start : start + length]
    return bytes(raw)


# What lies under a checksum is mutated first and the checksum made right: or no reader would see it.


def inside_zip(raw, number):
    """Return an npz archive of which one array was mutated; it has the right checksums."""
    members, rng, file = entries(raw), np.random.default_rng(number), io.BytesIO()
    name = list(members)[rng.integers(len(members))]
    members[name] = mutated([members[name]], number)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED if rng.random() < 0.1 else zipfile.ZIP_STORED) as archive:
        for one, content in members.items():
            archive.writestr(one, content)
    return file.getvalue()


def entries(raw):
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def inside_png(raw, number):
    """Return a PNG file of which one chunk was mutated; it has the right checksums."""
    at, chunks, rng = 8, [], np.random.default_rng(number)
    while at < len(raw):
        (length,) = struct.unpack(">I", raw[at : at + 4])
        chunks.append((raw[at + 4 : at + 8], raw[at + 8 : at + 8 + length]))
        at += 12 + length
    which = rng.integers(len(chunks))
    chunks[which] = chunks[which][0], mutated([chunks[which][1]], number)
    written = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return raw[:8] + b"".join(written)


def inside_json(raw, number, digest=None):
    """Return a JSON object of which one value was replaced, and its digest made right."""
    values, rng = json.loads(raw), np.random.default_rng(number)
    odd = [
        None,
        True,
        -1,
        0,
        1,
        2**40,
        10**400,
        0.5,
        float("nan"),
        float("inf"),
        "",
        "x",
        "cpu:0",
        [],
        [[]],
        {},
        ["x"],
        [1],
    ]
    for _ in range(rng.integers(1, 3)):
        values[list(values)[rng.integers(len(values))]] = odd[rng.integers(len(odd))]
    if digest:
        values["digest"] = digest(values)
    return json.dumps(values).encode()


# The child process


def failures(read, make, count, folder):
    """Return what was wrong with inputs 0 to count: a list of texts, after a child process has read all of them."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reader)
            limit()
            for number in range(count):
                os.write(writer, f"{number}\n".encode())
                if wrong := verdict(read, make(number), folder):
                    os.write(writer, f"input {number}: {wrong}\n".encode())
            os.write(writer, b"done\n")
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, errors="replace") as lines:
        told = lines.read().splitlines()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    found = [line for line in told if line.startswith("input")]
    return (
        found
        if told[-1] == "done"
        else [*found, f"ended with {status} at input {[n for n in told if n.isdigit()][-1]}"]
    )


def limit():
    """Limit this process's memory; an alarm of processor time ends an input that takes too long."""

    def too_long(number, frame):
        raise TimeoutError(f"more than {SECONDS} s")

    signal.signal(signal.SIGPROF, too_long)
    with open("/proc/self/statm") as file:
        used = int(file.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + BYTES, used + BYTES))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def verdict(read, raw, folder):
    """Return what is wrong with how an input ends, None if it is a result or an error of ours, one line with a name."""
    start = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        read(raw)
    except Exception as error:
        kind, text = type(error), str(error)
        ours = kind in (ValueError, RuntimeError, FileNotFoundError) or kind.__module__.startswith("minialex")
        if not ours or "\n" in text or str(folder) not in text or len(text) > 2000:
            return f"{kind.__name__}: {text[:300]!r}"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    took = time.process_time() - start
    return f"{took:.1f} s" if took > SECONDS else None
