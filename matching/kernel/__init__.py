"""Which assignment costs the least, found anew in a fraction of a second or kept so through every event?

Our own exact engine: an auction with a price a seat comes near, shortest paths with exact prices finish,
and the same searches mend one event at a time.  `certificate` proves each answer and shares no code with
the searches.  Integers throughout.
"""
