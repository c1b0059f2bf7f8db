"""What shipping keeps: labels and all that comes of them, and what customs want to know."""

from quartermaster.shipping.models.abroad import Content, CustomsProfile, Declared, Landed, Tariff
from quartermaster.shipping.models.addresses import AddressVerdict
from quartermaster.shipping.models.labels import (
    Arrival,
    Charge,
    Claim,
    Invoice,
    Issued,
    Label,
    Manifest,
    Pause,
    Pickup,
    RateTable,
    ReturnLabel,
    Told,
)
from quartermaster.shipping.models.playbooks import Playbook

__all__ = [
    "AddressVerdict",
    "Arrival",
    "Charge",
    "Claim",
    "Content",
    "CustomsProfile",
    "Declared",
    "Invoice",
    "Issued",
    "Label",
    "Landed",
    "Manifest",
    "Pause",
    "Pickup",
    "Playbook",
    "RateTable",
    "ReturnLabel",
    "Tariff",
    "Told",
]
