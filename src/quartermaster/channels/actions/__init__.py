"""What is done about shops: ask them, tell them, say whether they are told at all."""

from quartermaster.channels.actions.ask import ask_shops
from quartermaster.channels.actions.switch import switch
from quartermaster.channels.actions.tell import EFFECTS, tell_shipped

__all__ = ["EFFECTS", "ask_shops", "switch", "tell_shipped"]
