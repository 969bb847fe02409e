"""Sispamkota: explained vulnerability of polling stations and certified guard plans."""
