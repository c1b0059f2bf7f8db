"""The room that is left, as boxes beside, behind and above what was placed, worked off like a stack.

Every space lies on the floor or on the full top of a block, so that nothing hangs in the air.
"""

from typing import NamedTuple

from quartermaster.shipping.rules.packing.pieces import Size


class Space(NamedTuple):
    x: int
    y: int
    z: int
    length: int
    width: int
    height: int


def cut(space: Space, size: Size) -> tuple[Space, Space, Space]:
    """What is left around a block in the corner of a space, the one to be filled first last: above it. The
    larger rest beside it gets the corner both could have.
    """
    x, y, z, length, width, height = space
    ahead, aside = length - size.length, width - size.width
    above = Space(x, y, z + size.height, size.length, size.width, height - size.height)
    if ahead >= aside:
        front = Space(x + size.length, y, z, ahead, width, height)
        return front, Space(x, y + size.width, z, size.length, aside, height), above
    side = Space(x, y + size.width, z, length, aside, height)
    return side, Space(x + size.length, y, z, ahead, size.width, height), above


def hand_on(stack: list[Space], useless: Space) -> None:
    """Room that nothing fits into is given to the next space on the stack, where both are of one height,
    side by side, and the next one is nowhere longer than the side they share.
    """
    if not stack or (stack[-1].z, stack[-1].height) != (useless.z, useless.height):
        return
    x, y, _, length, width, _ = useless
    there = stack[-1]
    if x <= there.x and there.x + there.length <= x + length:
        if y + width == there.y:
            stack[-1] = there._replace(y=y, width=there.width + width)
        elif there.y + there.width == y:
            stack[-1] = there._replace(width=there.width + width)
    elif y <= there.y and there.y + there.width <= y + width:
        if x + length == there.x:
            stack[-1] = there._replace(x=x, length=there.length + length)
        elif there.x + there.length == x:
            stack[-1] = there._replace(length=there.length + length)
