"""Documents a commander signs: Renpam, Sprin and rekap as PDF, set with Typst."""
