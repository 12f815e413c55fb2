"""The outbox at work: claims deliveries, hands them to a transport, settles what becomes of them."""
