"""The nouns: records as curators write them, what the ledger keeps, what an edition shows."""
