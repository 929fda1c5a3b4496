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
    ]),
    // Two names of one configuration may stand for different manifests, and for an index.
    Migration([
        """
        CREATE TABLE new_image_names(
            reference TEXT PRIMARY KEY,
            image TEXT NOT NULL REFERENCES images(id) ON DELETE CASCADE,
            -- descriptor of what a registry or an archive has under the name, an index or a manifest: JSON
            target TEXT NOT NULL,
            -- descriptor of the manifest for this platform: JSON
            manifest TEXT NOT NULL
        ) STRICT
        """,
        """
        INSERT INTO new_image_names(reference, image, target, manifest)
            SELECT reference, image, manifest, manifest FROM image_names JOIN images ON images.id = image
        """,
        "DROP TABLE image_names",
        "ALTER TABLE new_image_names RENAME TO image_names",
    ]),
]
