"""The Faust app: doors in, the board and its console."""
