"""Commands of the books: the life of a month, and decisions of people."""
