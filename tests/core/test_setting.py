"""What an installation knows about itself."""

import pytest
from django.utils.timezone import now

from quartermaster.core.actions.setting import keep_setting, mark_as_demo
from quartermaster.core.queries import is_demo, setting

pytestmark = pytest.mark.django_db


def test_a_database_is_no_demo_until_it_says_so():
    assert not is_demo()
    mark_as_demo(at=now(), by="system")
    assert is_demo()


def test_the_last_value_kept_stays():
    keep_setting("greeting", {"text": "hello"}, at=now(), by="user:1")
    keep_setting("greeting", {"text": "good morning"}, at=now(), by="user:1")
    assert setting("greeting") == {"text": "good morning"}
    assert setting("unheard of") is None
