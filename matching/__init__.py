"""Who mentors whom?  Pure: facts in, facts out."""
