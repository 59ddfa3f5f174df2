"""The second step of signing in: a code from an app, or a code written down.

allauth.mfa does the work. Here is what it leaves to us: secrets are sealed, the words are ours, and
staff cannot go without.
"""
