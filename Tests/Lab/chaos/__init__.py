"""One scenario per fault, each under load, with the histories of all peers judged at the end."""
