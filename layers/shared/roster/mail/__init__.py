"""Mails: made of words and a template, and each sent once."""
