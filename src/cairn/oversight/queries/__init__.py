"""What oversight's screens read."""
