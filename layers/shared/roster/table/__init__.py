"""The one DynamoDB table: its items, reading them by key, and committing a change."""
