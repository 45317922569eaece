"""Mails, from the stream of events."""
