import threading
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connections
from django.test import Client
from django.utils.timezone import now

from quartermaster.console import gate
from quartermaster.console.actions import LINK_LASTS, LinkSpent, login_link, spend_link
from quartermaster.console.models import LoginLink


def test_looking_at_a_link_costs_nothing_and_pressing_the_button_signs_in(visitor: Client):
    link = login_link()

    # Not "no-referrer": browsers then send the form with "Origin: null", which is not accepted.
    assert visitor.get(link).headers["Referrer-Policy"] == "same-origin"
    for _ in range(3):  # a mail program's preview, a chat's preview, the person
        assert visitor.get(link).status_code == 200
    answer = visitor.post(link)

    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert visitor.get("/orders").status_code == 200


def test_a_link_works_once(visitor: Client):
    link = login_link()
    visitor.post(link)

    again = Client().post(link)

    assert again.status_code == 410
    assert "./qm login" in again.content.decode()
    assert Client().get(link).status_code == 410


def test_a_link_that_is_too_old_and_one_that_never_was_get_the_same_answer(visitor: Client):
    old = login_link(now() - LINK_LASTS - timedelta(seconds=1))

    answers = [visitor.post(old), visitor.post("/sign-in/" + "a" * 43), visitor.get(old)]

    assert {answer.status_code for answer in answers} == {410}
    assert len({answer.content for answer in answers[:2]}) == 1


def test_only_the_hash_of_a_link_is_kept(db: None):
    token = login_link().rpartition("/")[2]
    assert len(token) >= 43
    (kept,) = LoginLink.objects.values_list("digest", flat=True)
    assert token.encode() not in bytes(kept)
    assert len(bytes(kept)) == 32


@pytest.mark.django_db(transaction=True)
def test_of_many_who_press_at_once_one_comes_in():
    token, results = login_link().rpartition("/")[2], []
    ready = threading.Barrier(8)

    def press() -> None:
        ready.wait()
        try:
            spend_link(token, at=now())
            results.append("in")
        except LinkSpent:
            results.append("spent")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(results) == ["in", *["spent"] * 7]


def test_the_first_user_has_no_password_and_there_is_only_one(db: None):
    login_link()
    login_link()
    (owner,) = User.objects.all()
    assert (owner.username, owner.has_usable_password()) == ("owner", False)


def test_a_session_planted_before_signing_in_is_worth_nothing(visitor: Client):
    session = visitor.session
    session["planted"] = True
    session.save()
    visitor.cookies["qm_session"] = session.session_key

    visitor.post(login_link())

    assert visitor.cookies["qm_session"].value != session.session_key
    assert "planted" not in visitor.session


def test_signing_out_needs_a_form_and_ends_the_session(owner: Client):
    key = owner.cookies["qm_session"].value
    assert owner.get("/sign-out").status_code == 405

    owner.post("/sign-out")

    assert owner.get("/orders").headers["Location"] == "/sign-in"
    thief = Client()
    thief.cookies["qm_session"] = key
    assert thief.get("/orders").status_code == 302


@pytest.mark.parametrize("name", [gate.SINCE, gate.SEEN])
def test_a_session_without_its_times_is_no_session(owner: Client, name: str):
    session = owner.session
    del session[name]
    session.save()
    assert owner.get("/orders").status_code == 302


def test_a_session_ends_after_seven_days_however_busy(owner: Client):
    session = owner.session
    session[gate.SINCE] = (now() - gate.SESSION_LASTS - timedelta(minutes=1)).isoformat()
    session.save()

    assert owner.get("/orders").status_code == 302
    assert owner.session.is_empty()


def test_the_session_cookie_is_out_of_reach_for_scripts(owner: Client):
    cookie = owner.cookies["qm_session"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert int(cookie["max-age"]) <= 12 * 3600


def test_a_form_from_elsewhere_is_not_accepted(owner: Client):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = owner.cookies
    answer = strict.post("/orders/SO-1/holds", {"kind": "manual", "because": "x"})
    assert answer.status_code == 403
    assert "Nothing was changed" in answer.content.decode()
    assert strict.post(login_link()).status_code == 403


def test_a_request_of_the_page_itself_is_sent_to_sign_in_as_a_whole(visitor: Client):
    answer = visitor.get("/orders", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/sign-in")


def test_the_look_of_a_browser_is_remembered_and_leads_nowhere_else(owner: Client):
    answer = owner.post("/look", {"theme": "dark", "back": "https://elsewhere.example/"})
    assert answer.headers["Location"] == "/"
    assert 'data-theme="dark"' in owner.get("/orders").content.decode()
    owner.post("/look", {"keys": "off", "back": "/stock"})
    page = owner.get("/orders").content.decode()
    assert 'data-theme="dark"' in page
    assert 'data-keys="off"' in page
    owner.post("/look", {"theme": "<script>"})
    assert 'data-theme="dark"' in owner.get("/orders").content.decode()
