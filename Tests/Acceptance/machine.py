"""What Linux tells about processes, and about how busy the machine is."""

import os
import re
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid):
    """User and system time of all threads since the start (proc(5), fields 14 and 15)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _status_mebibytes(pid, field):
    # One that has ended, and that nobody has asked how, has no memory any more.
    found = re.search(rf"^{field}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.M)
    return int(found[1]) / 1024 if found else 0


def resident_mebibytes(pid):
    return _status_mebibytes(pid, "VmRSS")


def most_resident_mebibytes(pid):
    """Of the program alone: `ru_maxrss` begins with what the process had that started it."""
    return _status_mebibytes(pid, "VmHWM")


def open_files(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def machine():
    """One line for the head of a measurement: figures of a busy machine are no figures."""
    one, five, _ = os.getloadavg()
    return f"{os.cpu_count()} cores, load {one:.1f} now and {five:.1f} over five minutes"
