import argparse
import types

import pytest

from quartermaster import commands
from quartermaster.core.errors import Invalid, Refused


@pytest.fixture
def a_command(monkeypatch):
    """One command, `greet NAME`, in place of the real ones."""

    def greet(args: argparse.Namespace) -> int:
        if args.who == "nobody":
            raise Refused
        if args.who == "me":
            raise Invalid(what="The name", errors={"who": "say who you are"})
        print("hello", args.who)
        return 0

    module = types.SimpleNamespace(
        NAME="greet",
        HELP="say hello",
        PREPARED=False,
        run=greet,
        arguments=lambda parser: parser.add_argument("who"),
    )
    monkeypatch.setattr(commands, "_modules", lambda: [module])
    return module


def test_every_command_of_the_table_can_explain_itself(capsys):
    for module in commands._modules():
        with pytest.raises(SystemExit) as end:
            commands.main([module.NAME, "--help"])
        assert end.value.code == 0
        assert module.NAME in capsys.readouterr().out


def test_a_command_gets_its_arguments_and_gives_its_exit_code(a_command, capsys):
    assert commands.main(["greet", "Ada"]) == 0
    assert capsys.readouterr().out == "hello Ada\n"


def test_a_refusal_says_what_happened_and_exits_with_1(a_command, capsys):
    assert commands.main(["greet", "nobody"]) == 1
    assert capsys.readouterr().err.startswith("qm: This cannot be done.")


def test_what_cannot_be_read_is_named_field_by_field_and_exits_with_2(a_command, capsys):
    assert commands.main(["greet", "me"]) == 2
    assert capsys.readouterr().err == "qm: The name cannot be read.\n    who: say who you are\n"


@pytest.mark.parametrize("wrong", [["greet"], ["greet", "Ada", "--loud"], ["unknown"]])
def test_wrong_usage_exits_with_2(a_command, wrong, capsys):
    with pytest.raises(SystemExit) as end:
        commands.main(wrong)
    assert end.value.code == 2


def test_no_command_shows_the_table_and_exits_with_2(a_command, capsys):
    assert commands.main([]) == 2
    assert "say hello" in capsys.readouterr().out


def test_unknown_arguments_are_passed_on_in_order_where_a_command_takes_them(a_command, capsys):
    a_command.TAKES_MORE = True
    a_command.run = lambda args: print(args.more) or 0
    commands.main(["greet", "Ada", "-k", "some words", "tests/x.py", "--lf"])
    assert capsys.readouterr().out == "['-k', 'some words', 'tests/x.py', '--lf']\n"
