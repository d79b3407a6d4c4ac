"""What is going on with this person, and may we speak to them now?  Pure: facts in, facts out."""
