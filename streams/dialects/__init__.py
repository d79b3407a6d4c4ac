"""One module a platform dialect: raw events to facts."""
