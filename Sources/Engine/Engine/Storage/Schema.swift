internal import Database

/// The schema's history. A migration that was published never changes: the next one follows it.
let schema: [Migration] = [
    Migration([
        """
        CREATE TABLE containers(
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            -- what was settled when it was made, and where it is in its life: JSON
            record TEXT NOT NULL,
            lifecycle TEXT NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE images(
            -- digest of the configuration
            id TEXT PRIMARY KEY,
            -- descriptor of the manifest: JSON
            manifest TEXT NOT NULL,
            -- unpacked bytes of all layers
            size INTEGER NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE image_names(
            reference TEXT PRIMARY KEY,
            image TEXT NOT NULL REFERENCES images(id) ON DELETE CASCADE
        ) STRICT
        """,
        "CREATE TABLE volumes(name TEXT PRIMARY KEY, anonymous INTEGER NOT NULL, created INTEGER NOT NULL) STRICT",
    ])
]
