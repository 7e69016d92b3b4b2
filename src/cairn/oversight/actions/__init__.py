"""Every write of oversight: readings, emergency access, links, exports, erasure, requests."""
