"""Warehouse: promised units are picked, packed into parcels and ready to leave; what cannot be is put back.

Owns: waves, pick lists, picks and totes, put-backs, count tasks with the counts of persons, pick faces and
refills, parcels with what is in them.
Listens to: OrderChanged, OrderCancelled, HoldPlaced, AllocationCancelled.
Emits: WaveMade, WaveReleased, WaveCancelled, PickListMade, UnitsPicked, PickedShort, UnitsPutBack,
ParcelPacked, ParcelOpened, ParcelGivenUp, CountWanted, PickCancelled, PutBackWanted, CountEntered,
CountDone.
Never: hands out a unit that no order was promised, or closes a parcel that was not scanned.
"""
