"""What services outside may do to whoever asks them: nothing, but for keeping their answer to themselves."""

from __future__ import annotations

import datetime
import email.utils
import ssl
import threading
import time
import tracemalloc

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.outside import standin as faults
from tests.outside.standin import serving

from consilium.adapters.outside.cache import Cache
from consilium.adapters.outside.client import Client, Declined
from consilium.errors import AddressRefused, OutsideError

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]
XML = ("text/xml",)
SEARCH = "esearch.fcgi?db=pubmed&term=%22gout%22%5Btiab%5D"


_OPEN = []


def asking(*args, **more):
    """A client that is closed when the test is over."""
    _OPEN.append(Client(*args, **more))
    return _OPEN[-1]


@pytest.fixture(autouse=True)
def _closed():
    yield
    while _OPEN:
        _OPEN.pop().close()


@pytest.fixture
def standin():
    with serving() as made:
        yield made


def client_of(standin, seconds=20.0, **more):
    waits = []
    made = asking(seconds, own=[standin.ncbi], sleep=waits.append, **more)
    made.waits = waits
    return made


def asked(client, standin, path=SEARCH, **more):
    return client.get(standin.ncbi + path, lambda body: body, types=XML, **more).found


def readable(body):
    if b"eSearchResult" not in body:
        raise ValueError("it is no result")
    return body


@pytest.mark.parametrize(
    "fault", [faults.broken, faults.page, faults.cut, faults.too_often("2"), faults.hung_up]
)
def test_what_may_pass_is_tried_again(standin, fault):
    standin.faults = [fault, fault]
    assert b"<Count>" in asked(client_of(standin), standin)
    assert len(standin.asked) == 3


@pytest.mark.parametrize("fault", [faults.empty, faults.another_form])
def test_an_answer_that_cannot_be_read_is_asked_for_again(standin, fault):
    standin.faults = [fault]
    found = client_of(standin).get(standin.ncbi + SEARCH, readable, types=XML)
    assert b"<Count>" in found.found


@pytest.mark.parametrize("fault", [faults.broken, faults.page, faults.cut, faults.too_often("2")])
def test_what_does_not_pass_is_an_error_that_names_the_service(standin, fault):
    standin.always = fault
    with pytest.raises(OutsideError, match=r"^127\.0\.0\.1 could not be asked: .+\.$"):
        asked(client_of(standin), standin)
    assert len(standin.asked) == 3


def test_waits_grow_and_a_stated_wait_is_kept(standin):
    standin.faults = [faults.broken, faults.too_often("7")]
    client = client_of(standin)
    asked(client, standin)
    assert client.waits == [0.5, 7.0]


def test_a_date_to_retry_after_is_kept(standin):
    later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=9)
    standin.faults = [faults.too_often(email.utils.format_datetime(later, usegmt=True))]
    client = client_of(standin)
    asked(client, standin)
    assert 7 < client.waits[0] <= 9


def test_a_wait_beyond_the_budget_is_not_begun(standin):
    standin.always = faults.too_often("3600")
    client = client_of(standin)
    with pytest.raises(OutsideError, match="answered 429"):
        asked(client, standin)
    assert client.waits == []


@pytest.mark.parametrize("fault", [faults.slow(5), faults.dripping, faults.endless])
def test_nothing_takes_longer_than_the_budget(standin, fault):
    standin.always = fault
    started = time.monotonic()
    with pytest.raises(OutsideError):
        asked(client_of(standin, 0.7), standin, most=1 << 40)
    assert time.monotonic() - started < 3


def test_the_budget_is_of_all_requests_together(standin):
    standin.always = faults.slow(0.4)
    client = client_of(standin, 1.0)
    for _ in range(2):
        asked(client, standin)
    with pytest.raises(OutsideError):
        asked(client, standin)


@pytest.mark.parametrize("fault", [faults.endless, faults.huge, faults.bomb])
def test_a_body_that_is_too_long_is_left_and_takes_little_memory(standin, fault):
    standin.always = fault
    tracemalloc.start()
    try:
        with pytest.raises(OutsideError, match="bytes"):
            asked(client_of(standin), standin, most=1 << 20)
        assert tracemalloc.get_traced_memory()[1] < 16 << 20
    finally:
        tracemalloc.stop()
    assert len(standin.asked) == 1


def test_a_packed_answer_is_unpacked(standin):
    standin.faults = [faults.packed(b"<a/>" * 50_000)]
    assert asked(client_of(standin), standin) == b"<a/>" * 50_000


@pytest.mark.parametrize("coding", ["br", "gzip, gzip", "deflate"])
def test_an_answer_packed_in_another_way_is_not_read(standin, coding):
    standin.always = lambda to: to.answer(200, {"Content-Type": "text/xml", "Content-Encoding": coding}, b"x")
    with pytest.raises(OutsideError, match="packed"):
        asked(client_of(standin), standin)


def test_what_says_that_it_is_packed_and_is_not_is_an_error(standin):
    standin.always = lambda to: to.answer(
        200, {"Content-Type": "text/xml", "Content-Encoding": "gzip"}, b"<a/>"
    )
    with pytest.raises(OutsideError, match="unpacked"):
        asked(client_of(standin), standin)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_what_is_declined_is_not_asked_for_again(standin, status):
    standin.always = lambda to: to.answer(status, {"Content-Type": "text/plain"}, b"no")
    with pytest.raises(Declined) as told:
        asked(client_of(standin), standin)
    assert (told.value.status, len(standin.asked)) == (status, 1)


PRIVATE = ["http://127.0.0.1/", "https://127.0.0.1/", "https://localhost/", "https://[::1]/", "https://10.0.0.1/",
           "https://169.254.169.254/latest/meta-data/", "https://[::ffff:169.254.169.254]/", "https://2130706433/",
           "https://0x7f000001/", "https://0/", "https://[64:ff9b::7f00:1]/"]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_is_not_opened(address):
    with pytest.raises(AddressRefused):
        asking(5.0).get(address, bytes, types=XML)


def test_the_stand_in_is_refused_too_unless_it_is_the_operators_own(standin):
    with pytest.raises(AddressRefused):
        asking(5.0).get(standin.ncbi + SEARCH, bytes, types=XML)
    assert standin.asked == []


@pytest.mark.parametrize("address", PRIVATE)
def test_a_redirect_to_a_private_address_is_not_followed(standin, address):
    standin.always = faults.moved(address)
    with pytest.raises(AddressRefused):
        asked(client_of(standin), standin)
    assert len(standin.asked) == 1


def test_a_redirect_to_another_port_or_host_is_not_followed(standin):
    with serving() as other:
        standin.always = faults.moved(other.ncbi)
        with pytest.raises(AddressRefused):
            asked(client_of(standin), standin)
        assert other.asked == []
    standin.always = faults.moved("https://example.org/")
    with pytest.raises(AddressRefused, match=r"example\.org"):
        asked(client_of(standin), standin)


def test_a_redirect_on_the_same_host_is_followed_without_the_key(standin):
    standin.faults = [faults.moved("/entrez/eutils/" + SEARCH)]
    client = client_of(standin)
    assert b"<Count>" in asked(client, standin, "old", keys={"api_key": "s3cret"})
    assert "s3cret" in standin.asked[0][1]
    assert "s3cret" not in standin.asked[1][1]


def test_a_redirect_that_never_ends_is_given_up(standin):
    standin.always = faults.moved("/entrez/eutils/again")
    with pytest.raises(OutsideError, match="from place to place"):
        asked(client_of(standin), standin)
    assert len(standin.asked) == 4


def test_a_name_that_changes_its_address_is_looked_up_once(standin):
    answers = [["127.0.0.1"], ["10.0.0.1"]]
    looked = []

    def resolve(host, _port):
        looked.append(host)
        return answers[len(looked) - 1]

    port = standin.url.rpartition(":")[2]
    own = f"http://ncbi.test:{port}/entrez/eutils/"
    client = asking(5.0, own=[own], resolve=resolve)
    assert b"<Count>" in client.get(own + SEARCH, bytes, types=XML).found
    assert looked == ["ncbi.test"]


def test_one_private_address_of_several_spoils_a_name():
    with pytest.raises(AddressRefused, match=r"10\.0\.0\.1"):
        asking(5.0, resolve=lambda *_: ["8.8.8.8", "10.0.0.1"]).get("https://a.test/", bytes, types=XML)


def test_a_name_that_is_not_found_is_an_error():
    def resolve(*_):
        raise OSError("no such name")

    client = asking(5.0, resolve=resolve, sleep=lambda _: None)
    with pytest.raises(OutsideError, match="was not found"):
        client.get("https://a.test/", bytes, types=XML)


def test_a_search_for_a_name_that_takes_too_long_is_left():
    done = threading.Event()
    client = asking(0.5, resolve=lambda *_: done.wait(30) and [], sleep=lambda _: None)
    started = time.monotonic()
    with pytest.raises(OutsideError):
        client.get("https://a.test/", bytes, types=XML)
    assert time.monotonic() - started < 3
    done.set()


def certificate(folder, name):
    """A certificate that signs itself, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    today = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    form = (pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "certificate.pem").write_bytes(made.public_bytes(pem) + key.private_bytes(*form))
    return folder / "certificate.pem"


@pytest.mark.parametrize(
    "trusted,name,holds",
    [(True, "ncbi.test", True), (True, "other.test", False), (False, "ncbi.test", False)],
)
def test_a_certificate_must_be_trusted_and_be_of_the_name(tmp_path, trusted, name, holds):
    file = certificate(tmp_path, name)
    here = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    here.load_cert_chain(file)
    trust = ssl.create_default_context(cafile=str(file)) if trusted else None
    with serving(here) as sealed:
        own = f"https://ncbi.test:{sealed.url.rpartition(':')[2]}/entrez/eutils/"
        client = asking(5.0, own=[own], trust=trust, resolve=lambda *_: ["127.0.0.1"], sleep=lambda _: None)
        if holds:
            assert b"<Count>" in client.get(own + SEARCH, bytes, types=XML).found
        else:
            with pytest.raises(OutsideError, match=r"(?i)certificate"):
                client.get(own + SEARCH, bytes, types=XML)
            assert sealed.asked == []


KEY = {"api_key": "s3cret & more", "email": "operator@example.org"}


def test_a_key_is_sent_and_is_nowhere_else(standin, tmp_path, caplog):
    caplog.set_level(0)
    client = client_of(standin, cache=Cache(tmp_path / "kept"))
    asked(client, standin, keys=KEY, fresh=60)
    standin.always = lambda to: to.answer(403, {"Content-Type": "text/plain"}, b"s3cret & more")
    with pytest.raises(Declined) as told:
        asked(client, standin, "other", keys=KEY)
    assert "s3cret+%26+more" in standin.asked[0][1]
    kept = b"".join(file.read_bytes() for file in (tmp_path / "kept").iterdir())
    everywhere = f"{kept!r} {client.sent} {told.value} {caplog.text}"
    assert "s3cret" not in everywhere
    assert "operator@" not in everywhere


def test_a_key_that_a_redirect_repeats_is_not_told(standin):
    standin.faults = [lambda to: faults.moved(to.path)(to)]
    client = client_of(standin)
    asked(client, standin, keys=KEY)
    assert "s3cret" in standin.asked[1][1]
    assert "s3cret" not in str(client.sent)


def test_what_was_sent_is_what_came(standin):
    client = client_of(standin)
    asked(client, standin)
    assert [f"/entrez/eutils/{SEARCH}"] == [path for _, path, _ in standin.asked]
    assert [(sent.to, sent.what) for sent in client.sent] == [("127.0.0.1", standin.ncbi + SEARCH)]
    headers = standin.asked[0][2]
    assert set(headers) == {"Host", "User-Agent", "Accept", "Accept-Encoding"}
