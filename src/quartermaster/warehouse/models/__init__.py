"""The floor's tables."""

from quartermaster.warehouse.models.care import Care
from quartermaster.warehouse.models.counting import CountEntry, CountTask, PickFace, Refill, SkuClass
from quartermaster.warehouse.models.packing import PackingPlan, ParcelInsert
from quartermaster.warehouse.models.parcels import PackagingVersion, Parcel, ParcelItem, ParcelPhoto
from quartermaster.warehouse.models.picking import Pick, PickList, PickPolicyVersion, PutBack, Tote, Wave
from quartermaster.warehouse.models.planning import WavePlan
from quartermaster.warehouse.models.timing import Timer, TimerBreach, TimerMark, TimerTargets

__all__ = [
    "Care",
    "CountEntry",
    "CountTask",
    "PackagingVersion",
    "PackingPlan",
    "Parcel",
    "ParcelInsert",
    "ParcelItem",
    "ParcelPhoto",
    "Pick",
    "PickFace",
    "PickList",
    "PickPolicyVersion",
    "PutBack",
    "Refill",
    "SkuClass",
    "Timer",
    "TimerBreach",
    "TimerMark",
    "TimerTargets",
    "Tote",
    "Wave",
    "WavePlan",
]
