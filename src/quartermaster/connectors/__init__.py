"""One folder for each outside system. Nobody imports these: core.plugs finds them."""
