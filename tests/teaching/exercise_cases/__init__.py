"""For each lesson's exercises: right answers and typical wrong ones."""
