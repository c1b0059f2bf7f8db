"""The page People: inviting, changing and stopping somebody, and what that leaves in the log."""

import pytest
from django.test import Client
from django.utils.timezone import now
from tests.console.conftest import Page
from tests.console.test_roles import person

from quartermaster.console.people.actions import invite, make_badge, stop
from quartermaster.console.people.actions.persons import LastOwner
from quartermaster.console.people.invariants import badges_of_people_who_were_stopped, people_without_an_owner
from quartermaster.core import sql
from quartermaster.core.errors import Invalid
from quartermaster.testing.builders import a_location


def told(name: str) -> list[str]:
    query = "select string_agg(body::text, ' ') from core_event where name = %s"
    return [row[0] for row in sql.run(query, (name,)) if row[0]]


def user_id(name: str) -> int:
    return int(sql.run("select id from auth_user where username = %s", (name,))[0][0])


def test_somebody_is_invited_comes_in_once_and_is_stopped(owner: Client):
    a_location("BER")
    seen = owner.post("/people", {"name": "Sara", "role": "picker", "sites": ["BER"]}).content.decode()
    link = "/sign-in/" + seen.partition("/sign-in/")[2].partition("<")[0]
    browser = Client()
    assert browser.post(link).status_code == 302
    assert Client().post(link).status_code == 410
    assert browser.get("/floor?site=BER").status_code == 200
    sara = user_id("Sara")
    assert "Signed in by link" in owner.get(f"/people/{sara}").content.decode()

    owner.post(f"/people/{sara}", {"role": "support"})
    assert browser.get("/floor?site=BER").status_code == 403  # from the next click on
    assert browser.get("/orders").status_code == 200
    owner.post(f"/people/{sara}/stop")
    assert browser.get("/orders").headers["Location"] == "/sign-in"
    owner.post(f"/people/{sara}/return")
    assert "/sign-in/" in owner.post(f"/people/{sara}/link").content.decode()
    (changes,) = told("PersonChanged")
    assert '"role": ["picker", "support"]' in changes
    assert '"may_come_in": [true, false]' in changes


def test_a_link_that_waits_ends_with_the_person(owner: Client):
    sara, token = invite("Sara", "picker", [], at=now(), by="user:1")
    stop(sara, at=now(), by="user:1")
    assert Client().post(f"/sign-in/{token}").status_code == 410


def test_the_last_owner_stays(owner: Client):
    me = user_id("owner")
    with pytest.raises(LastOwner):
        stop(me, at=now(), by="user:1")
    assert owner.post(f"/people/{me}", {"role": "picker"}).status_code == 409
    person("owner", name="second")
    assert owner.post(f"/people/{me}", {"role": "picker"}).status_code == 302
    assert owner.get("/people").status_code == 403


@pytest.mark.parametrize(
    ("name", "role", "sites", "field"),
    [("", "picker", [], "name"), ("x\n", "boss", [], "role"), ("Sara", "picker", ["MARS"], "sites")],
)
def test_an_invitation_is_checked(name: str, role: str, sites: list[str], field: str, db: None):
    with pytest.raises(Invalid) as refusal:
        invite(name, role, sites, at=now(), by="user:1")
    assert field in refusal.value.errors


def test_a_name_is_given_once_and_the_form_keeps_what_was_typed(owner: Client):
    person("picker", name="Sara")
    answer = owner.post("/people", {"name": "sara", "role": "picker"})
    assert answer.status_code == 409
    assert "sara is the name of somebody already" in answer.content.decode()
    assert "sara" in Page(answer.content.decode()).values("input", "value")


def test_the_doctor_names_a_house_without_an_owner_and_a_badge_left_over(owner: Client):
    sara, _ = invite("Sara", "picker", [], at=now(), by="user:1")
    make_badge(sara, at=now(), by="user:1", is_owner=True)
    assert people_without_an_owner() == badges_of_people_who_were_stopped() == []
    sql.run("update auth_user set is_active = false")
    assert people_without_an_owner() == ["none of 2 people is an owner who may come in"]
    (told,) = badges_of_people_who_were_stopped()
    assert told.endswith("of Sara")
