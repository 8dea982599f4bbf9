"""Orders to come and lifetime value: the models of the literature, fitted and scored on compressed tuples."""
