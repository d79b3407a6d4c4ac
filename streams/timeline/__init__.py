"""One learner's term as a picture: what happened, what was seen in it, and what was said, held or left unsaid."""
