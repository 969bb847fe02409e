"""What every part of the program shares: bilingual text, errors, sources, raw tables.

No rule of elections or policing lives here.
"""
