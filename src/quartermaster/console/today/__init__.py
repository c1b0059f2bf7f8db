"""Today: one sentence, what needs a person now, next and later, and the numbers of the day, each a link to
exactly the rows it counts."""
