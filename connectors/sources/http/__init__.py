"""Systems that are asked over HTTP: the session, answers, the base of their extractors, paginators and tokens."""
