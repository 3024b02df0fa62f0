"""What a board may change in an article: pure edits that keep it sound, and the difference of two revisions."""
