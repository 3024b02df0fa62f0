"""How fast a service is asked: by all processes together, whatever clocks do and whoever dies."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import pytest
from tests.outside.standin import serving

from consilium.adapters.outside.pace import Pace
from consilium.errors import ConfigurationError, OutsideError


class Time:
    """A clock that goes on when somebody sleeps."""

    def __init__(self, now=1000.0):
        self.now, self.slept = now, 0.0

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds
        self.slept += seconds


@pytest.fixture
def clock():
    return Time()


@pytest.fixture
def pace(tmp_path, clock):
    return Pace(tmp_path / "pace", 3, clock=clock, sleep=clock.sleep)


def took(pace, seconds=10.0):
    with pace.turn(seconds):
        pass


def test_as_many_as_are_allowed_wait_for_nothing_and_the_next_waits_a_second(pace, clock):
    for _ in range(3):
        took(pace)
    assert clock.slept == 0
    took(pace)
    assert 1.0 <= clock.slept < 1.2


def test_a_turn_that_is_going_on_counts_however_long_it_takes(pace, clock):
    with pace.turn(10), pace.turn(10), pace.turn(10):
        clock.now += 15
        with pytest.raises(OutsideError, match="too much is being asked"):
            took(pace, seconds=2)


def test_who_has_no_time_to_wait_is_told_before_waiting_in_vain(pace, clock):
    for _ in range(3):
        took(pace)
    with pytest.raises(OutsideError):
        took(pace, seconds=0.01)
    assert clock.slept < 0.1


def test_a_turn_of_a_process_that_died_is_given_up_after_a_while(pace, clock, tmp_path):
    (tmp_path / "pace").write_text(json.dumps({str(n): [clock.now, None] for n in range(3)}))
    took(pace, seconds=30)
    assert 15 < clock.slept < 25


def test_moments_of_before_a_restart_of_the_machine_are_past(pace, clock, tmp_path):
    (tmp_path / "pace").write_text(json.dumps({str(n): [clock.now + 9e6, clock.now + 9e6] for n in range(3)}))
    took(pace)
    assert clock.slept == 0


@pytest.mark.parametrize("said", ["", "{", "[]", '{"a": 1}', '{"a": ["x", null]}', '"x"', "\x00"])
def test_a_file_that_was_half_written_costs_a_second_and_no_error(pace, clock, tmp_path, said):
    (tmp_path / "pace").write_text(said)
    took(pace)
    assert 1.0 <= clock.slept < 1.2


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="CONSILIUM_DATA_DIR"):
        took(Pace(tmp_path / "file" / "pace", 3))


def test_an_error_within_a_turn_ends_it(pace, clock):
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), pace.turn(10):
            raise ZeroDivisionError
    clock.now += 1.1
    took(pace)
    assert clock.slept == 0


HOLDER = """
import sys, time
from filelock import FileLock
lock = FileLock(sys.argv[1])
lock.acquire()
print("held", flush=True)
time.sleep(60)
"""


def test_a_lock_left_by_a_dead_process_stops_nobody(tmp_path):
    command = [sys.executable, "-c", HOLDER, str(tmp_path / "pace.lock")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(OutsideError):
            took(Pace(tmp_path / "pace", 3), seconds=0.2)
        holder.kill()
    took(Pace(tmp_path / "pace", 3), seconds=5)


ASKER = """
import sys
from pathlib import Path
from consilium.adapters.outside.asking import outside
from consilium.adapters.outside.services import Services
url, folder, key = sys.argv[1:]
services = Services(ncbi=f"{url}/entrez/eutils/", key=key or None)
asked = outside(services, Path(folder), 60)
print("ready", flush=True)
sys.stdin.readline()
for number in range(int(sys.argv[3] and 5 or 2)):
    asked.pubmed.search(f'"gout"[tiab] NOT "{id(asked)}-{number}"[tiab]', history=True)
"""


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
@pytest.mark.parametrize("key,most,each", [("", 3, 2), ("made-up", 10, 5)])
def test_eight_processes_together_never_ask_faster_than_allowed(tmp_path, key, most, each):
    with serving() as standin:
        askers = [
            subprocess.Popen(
                [sys.executable, "-c", ASKER, standin.url, str(tmp_path), key],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                env={"PYTHONPATH": ":".join(sys.path)},
            )
            for _ in range(8)
        ]
        for asker in askers:
            assert asker.stdout.readline() == "ready\n"
        started = time.monotonic()
        for asker in askers:
            asker.stdin.write("go\n")
            asker.stdin.flush()
        said = [asker.communicate(timeout=90)[1] for asker in askers]
        took_seconds = time.monotonic() - started
    assert [words for words in said if words] == []
    assert len(standin.asked) == 8 * each
    assert standin.most_in_a_second() <= most
    assert took_seconds < 4 * len(standin.asked) / most
