"""Outside systems as real HTTP servers on the loopback, with a memory, which misbehave as they are told to.

`server` is what they share; a module each knows its vendor's paths and shapes. They are ours, written from
the vendors' documentation: what passes against them has not been run against the vendors.
"""
