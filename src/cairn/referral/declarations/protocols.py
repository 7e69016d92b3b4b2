"""What is kept of agreements on sharing, risks of recipients, routing, experts."""
