"""A stand-in for the outside: E-utilities, Europe PMC and Crossref on a socket, over records that were made up."""
