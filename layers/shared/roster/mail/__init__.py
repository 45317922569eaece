"""Mails: who is told what about an event, in which words, and each sent once."""
