"""Ask and read as a program does."""

from __future__ import annotations

import uuid

import pytest
from asgiref.sync import async_to_sync
from django.test import AsyncClient, Client
from django.utils import timezone

from consilium.adapters.contract.check import validator
from consilium.site.articles import worker
from consilium.site.articles.models import Article, Run, State
from consilium.site.articles.stream import tailer

pytestmark = pytest.mark.django_db
CROUP = {"question": "Does dexamethasone help in croup?"}
NOBODYS = uuid.UUID(int=7)


def _is_a_problem(answer, status: int) -> dict:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert len(body["detail"].split()) > 4
    return body


def test_a_question_becomes_a_run_of_the_token_s_person(call, token, person):
    answer = call("POST", "ask", CROUP, token())
    assert answer.status_code == 202, answer.content
    run = Run.objects.get()
    assert (run.owner, run.session) == (person, "")
    assert answer.json()["id"] == str(run.pk)
    assert answer["Location"] == answer.json()["links"]["self"] == f"/api/v1/runs/{run.pk}"


def test_who_waits_gets_the_article_as_the_contract_has_it(call, token, working):
    answer = call("POST", "ask?wait=20", CROUP | {"audience": "patient"}, token())
    assert answer.status_code == 200, answer.content
    document = answer.json()
    validator().validate(document)
    assert document["kind"] == "article"
    assert document["rendering"]["audience"] == "patient"
    again = call(
        "GET", answer["Content-Location"].removeprefix("/api/v1/") + "?audience=patient", token=token()
    )
    assert again.json() == document


def test_an_abstention_keeps_the_contract_too(call, token, working):
    document = call("POST", "ask?wait=20", {"question": "How do I change a bicycle tyre?"}, token()).json()
    validator().validate(document)
    assert document["kind"] == "abstention"


def test_a_run_tells_where_its_article_is(call, token, mine):
    run = Run.objects.get()
    told = call("GET", f"runs/{run.pk}", token=token()).json()
    assert (told["state"], told["article"]) == ("done", str(mine.pk))
    assert told["links"]["article"] == f"/api/v1/articles/{mine.pk}"


def test_a_waiting_run_can_be_cancelled(call, token):
    run = call("POST", "ask", CROUP, token()).json()["id"]
    answer = call("POST", f"runs/{run}/cancel", token=token("ask"))
    assert answer.json()["state"] == "cancelled"
    assert Run.objects.get().state == State.CANCELLED


def test_a_follow_up_follows_an_article_that_the_asker_may_read(call, token, mine, working):
    document = call(
        "POST", "ask?wait=20", {"question": "and in infants?", "follows": str(mine.pk)}, token()
    ).json()
    assert document["run"]["follows"] == mine.current.content_id


def test_nobody_follows_up_what_they_may_not_read(call, token, mine, other):
    answer = call("POST", "ask", CROUP | {"follows": str(mine.pk)}, token(by=other))
    _is_a_problem(answer, 404)


def test_published_articles_are_listed_with_links_that_work(call, public):
    page = call("GET", "articles").json()
    assert (page["total"], page["page"], page["pages"]) == (1, 1, 1)
    (row,) = page["items"]
    assert row["id"] == str(public.pk)
    client = Client()
    for link in (row["links"]["self"], row["links"]["page"], *row["links"]["exports"].values()):
        assert client.get(link).status_code == 200, link


def test_private_articles_are_in_no_list(call, token, mine):
    assert call("GET", "articles", token=token()).json()["items"] == []
    assert call("GET", "search?q=croup", token=token()).json()["items"] == []


def test_articles_are_found_by_words_and_topic(call, public):
    topic = public.topics[0]
    assert call("GET", "articles?q=CROUP+dexamethasone").json()["total"] == 1
    assert call("GET", "articles?q=asthma").json()["total"] == 0
    assert call("GET", f"articles?topic={topic}").json()["total"] == 1
    assert call("GET", "articles?topic=nothing").json()["total"] == 0


def test_a_search_finds_words_of_the_content_and_ranks_questions_first(call, public, asked):
    other = asked("Subclinical hypothyroidism, TSH 6, aged 50: levothyroxine?")
    Article.objects.filter(pk=other.pk).update(published=timezone.now())
    body = next(r["title"] for r in public.current.document["content"]["references"])
    word = body.split()[-1].strip("()")
    assert str(public.pk) in [r["id"] for r in call("GET", f"search?q={word}").json()["items"]]
    assert call("GET", "search?q=levothyroxine").json()["items"][0]["id"] == str(other.pk)


def test_a_page_past_the_last_is_empty(call, public):
    page = call("GET", "articles?page=7").json()
    assert (page["items"], page["total"]) == ([], 1)


def test_a_program_is_told_what_points_to_a_person_and_may_ask_it_nevertheless(call, token):
    named = {"question": "Mr John Smith: does dexamethasone help in croup?"}
    body = _is_a_problem(call("POST", "ask", named, token()), 409)
    assert body["found"] == [{"kind": "name", "words": "Mr John Smith", "start": 0, "end": 13}]
    assert not Run.objects.exists()
    assert call("POST", "ask", named | {"knowing": True}, token()).json()["question"] == named["question"]


@pytest.mark.parametrize("audience", ["clinician", "student", "patient"])
def test_an_article_is_worded_for_an_audience_and_keeps_the_contract(call, public, audience):
    document = call("GET", f"articles/{public.pk}?audience={audience}").json()
    validator().validate(document)
    assert document["rendering"]["audience"] == audience


def test_a_source_tells_what_it_is_and_who_cites_it(call, public):
    reference = public.current.document["content"]["references"][0]
    told = call("GET", f"sources/{reference['source']}").json()
    assert {k: told[k] for k in ("title", "status", "url")} == {
        k: reference[k] for k in ("title", "status", "url")
    }
    assert told["cited_by"] == [str(public.pk)]
    cited = public.current.document["content"]["claims"].values()
    held = {s["id"]: s["text"] for s in told["sentences"]}
    for sentence in (s for c in cited for x in c["citations"] if x["reference"] == 1 for s in x["sentences"]):
        assert held[sentence["id"]] == sentence["text"]


def test_a_private_article_is_in_no_stranger_s_list_of_citing_articles(call, mine, token):
    source = mine.current.document["content"]["references"][0]["source"]
    assert call("GET", f"sources/{source}").json()["cited_by"] == []
    assert call("GET", f"sources/{source}", token=token("read")).json()["cited_by"] == [str(mine.pk)]


def test_publishing_takes_the_question_that_a_person_has_looked_at(call, token, mine):
    answer = call("POST", f"articles/{mine.pk}/publish", {"question": mine.question}, token("publish"))
    assert answer.status_code == 200, answer.content
    assert call("GET", "articles").json()["total"] == 1
    back = call("POST", f"articles/{mine.pk}/unpublish", token=token("publish"))
    assert back.json() == {"id": str(mine.pk), "published": None}
    assert call("GET", "articles").json()["total"] == 0


def test_publishing_under_another_question_asks_that_one(call, token, mine):
    answer = call(
        "POST", f"articles/{mine.pk}/publish", {"question": "How is croup treated?"}, token("publish")
    )
    assert answer.status_code == 202, answer.content
    claimed = worker.claim("test")
    worker.work_on(claimed)
    assert [r["question"] for r in call("GET", "articles").json()["items"]] == ["How is croup treated?"]


def test_what_could_identify_a_person_is_not_published(call, token, mine):
    body = {"question": "Does dexamethasone help in croup? Call me on 07700 900123, jo@example.org"}
    _is_a_problem(call("POST", f"articles/{mine.pk}/publish", body, token("publish")), 409)


def test_the_service_says_that_it_is_well(call):
    assert call("GET", "health").json() == {"status": "ok"}
    assert call("GET", "ready").json() == {"status": "ok"}


@pytest.mark.parametrize(
    "method,path,body,status",
    [
        ("GET", "articles/not-an-id", None, 404),
        ("GET", f"articles/{NOBODYS}", None, 404),
        ("GET", f"runs/{NOBODYS}", None, 404),
        ("GET", "sources/none", None, 404),
        ("GET", "nowhere", None, 404),
        ("DELETE", "articles", None, 405),
        ("POST", "ask", {}, 422),
        ("POST", "ask", {"question": "   "}, 422),
        ("POST", "ask", {"question": "Croup?", "audience": "judge"}, 422),
        ("POST", "ask?wait=31", CROUP, 422),
        ("POST", "ask", CROUP | {"colour": "red"}, 422),
        ("GET", "articles?page=0", None, 422),
        ("GET", "search", None, 422),
    ],
)
def test_every_error_is_a_problem_with_a_sentence(call, token, method, path, body, status):
    _is_a_problem(call(method, path, body, token()), status)


def test_a_method_that_is_not_taken_is_told_with_those_that_are(call):
    assert call("DELETE", "articles")["Allow"] == "GET, HEAD"
    assert call("GET", "ask")["Allow"] == "POST"


def test_head_is_answered_like_get_without_a_body(call, token, public):
    source = public.current.document["content"]["references"][0]["source"]
    run, secret = Run.objects.get().pk, token()
    paths = [
        "articles",
        "articles?page=0",
        f"articles/{public.pk}",
        f"articles/{public.pk}/article.ris",
        "search?q=croup",
    ]
    paths += [f"sources/{source}", f"runs/{run}", "health", "ready", "openapi.json", "articles/nothing"]
    for path in paths:
        whole, head = call("GET", path, token=secret), call("HEAD", path, token=secret)
        assert (head.status_code, head.content) == (whole.status_code, b""), path
        assert head["Content-Type"] == whole["Content-Type"]
        assert int(head["Content-Length"]) == len(whole.content)


def test_head_is_refused_where_get_is(call, token):
    assert call("HEAD", "ask", token=token()).status_code == 405


@pytest.mark.enable_socket
@pytest.mark.django_db(transaction=True)
def test_a_head_of_the_events_begins_no_stream(mine, token):
    async def ask():
        address = f"/api/v1/runs/{run.pk}/events"
        answer = await AsyncClient().head(address, headers={"authorization": f"Bearer {secret}"})
        return answer, dict(tailer()._queues)

    run, secret = Run.objects.get(), token("ask")
    answer, held = async_to_sync(ask)()
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/event-stream")
    assert (answer.streaming, answer.content, held) == (False, b"", {})


@pytest.mark.parametrize(
    "method,path,body,says",
    [
        ("POST", "ask", {}, "“question” in the body is missing."),
        ("POST", "ask", None, "The body is missing."),
        ("POST", "ask", [1], "The body must be a JSON object."),
        ("POST", "ask", {"question": ""}, "“question” in the body must have at least 1 character."),
        ("POST", "ask", {"question": "x" * 2001}, "“question” in the body may have at most 2000 characters."),
        ("POST", "ask", {"question": 1}, "“question” in the body must be text."),
        (
            "POST",
            "ask",
            CROUP | {"audience": "x"},
            "“audience” in the body must be clinician, student or patient.",
        ),
        (
            "POST",
            "ask",
            CROUP | {"follows": "x"},
            "“follows” in the body must be an id, as in an address of this site.",
        ),
        ("POST", "ask", CROUP | {"anew": "perhaps"}, "“anew” in the body must be true or false."),
        ("POST", "ask", CROUP | {"colour": 1}, "“colour” in the body is not known here."),
        ("POST", "ask", CROUP | {"country": "a\nb"}, "“country” in the body must be one line of text."),
        ("POST", "ask?wait=31", CROUP, "“wait” in the query may be at most 30."),
        ("POST", "ask?wait=soon", CROUP, "“wait” in the query must be a whole number."),
        ("GET", "articles?page=0", None, "“page” in the query must be at least 1."),
        ("GET", "search", None, "“q” in the query is missing."),
        (
            "GET",
            f"articles/{NOBODYS}?audience=x",
            None,
            "“audience” in the query must be clinician, student or patient.",
        ),
    ],
)
def test_what_is_wrong_with_a_request_is_a_plain_sentence(call, token, method, path, body, says):
    problem = _is_a_problem(call(method, path, body, token()), 422)
    assert problem["detail"] == f"{says} What it takes is in /api/v1/docs."
    assert problem["errors"][0]["says"] == says


def test_a_country_that_the_library_does_not_know_is_told_with_those_that_it_knows(call, token):
    problem = _is_a_problem(call("POST", "ask", CROUP | {"country": "Atlantis"}, token()), 422)
    assert "Canada" in problem["detail"]
    assert "Atlantis" not in str(problem)


def test_a_body_that_is_no_json_is_a_problem(token):
    answer = Client().post(
        "/api/v1/ask", "{", content_type="application/json", headers={"authorization": f"Bearer {token()}"}
    )
    _is_a_problem(answer, 400)


def test_an_invalid_body_is_not_quoted_back(call, token):
    answer = call("POST", "ask", {"question": "secret words", "audience": "secret judge"}, token())
    assert "secret" not in answer.content.decode()


def test_whoever_asks_too_much_is_told_when_to_come_back(call, token, settings):
    settings.ENVIRONMENT = settings.ENVIRONMENT.__class__(
        **{n: getattr(settings.ENVIRONMENT, n) for n in settings.ENVIRONMENT.__slots__} | {"asks_per_hour": 1}
    )
    assert call("POST", "ask", CROUP, token()).status_code == 202
    answer = call("POST", "ask", CROUP, token())
    _is_a_problem(answer, 429)
    assert 0 < int(answer["Retry-After"]) <= 3600


def test_a_fault_inside_is_a_problem_without_its_message(call, token, monkeypatch):
    from consilium.site.articles import actions

    def broken(**_):
        raise RuntimeError("the words of the asker")

    monkeypatch.setattr(actions, "ask", broken)
    body = _is_a_problem(call("POST", "ask", CROUP, token()), 500)
    assert "words" not in str(body)


@pytest.mark.enable_socket
@pytest.mark.django_db(transaction=True)
def test_the_stream_of_events_takes_get_only(call, token):
    _is_a_problem(call("PUT", f"runs/{NOBODYS}/events", token=token()), 405)


@pytest.mark.enable_socket  # an event loop needs a pair of them
@pytest.mark.django_db(transaction=True)
def test_the_events_of_a_run_end_with_how_it_ended(mine, token):
    async_to_sync(_listen)(Run.objects.get(), token("ask"))


async def _listen(run, secret):
    client = AsyncClient()
    answer = await client.get(f"/api/v1/runs/{run.pk}/events", headers={"authorization": f"Bearer {secret}"})
    assert answer["Content-Type"] == "text/event-stream"
    text = b"".join([part async for part in answer.streaming_content]).decode()
    assert "event: done" in text
    last = [line for line in text.splitlines() if line.startswith("id: ")][-1].removeprefix("id: ")
    headers = {"authorization": f"Bearer {secret}", "last-event-id": last}
    assert (await client.get(f"/api/v1/runs/{run.pk}/events", headers=headers)).status_code == 204
