"""What is public: the ledger decides what changed, compile selects and sorts what everybody sees."""
