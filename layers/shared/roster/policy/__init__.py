"""Who may do what: packs as TOML, and pure decisions over them. Nothing here knows AWS, HTTP or the table."""
