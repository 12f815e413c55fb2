"""From an edition and subscribers to issues, digests and messages: pure, every stage a value."""
