"""What every page is made of: frame, components, refusals, charts, printed documents."""
