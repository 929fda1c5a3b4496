internal import BlockingThreads
internal import Database
internal import FoundationEssentials
internal import ImageSpec
internal import LineConnections
internal import LineProtocol
internal import LinuxKernel

/// The database, on a thread of its own, since its calls block. One statement, or one transaction, a call.
actor Store {
    private nonisolated let thread: BlockingThread
    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe thread.asUnownedSerialExecutor() }

    private let path: String
    private var opened: Database?

    init(at path: String) throws(SystemError) {
        thread = try BlockingThread()
        self.path = path
    }

    /// Opens the database. A damaged one is set aside under the name that this answers, and a new one made.
    func open() throws(ProtocolFailure) -> String? {
        // sqlite gives its other files the mode of this one.
        do { _ = try Descriptor.workingDirectory.open(path, [.readWrite, .create], mode: 0o600) } catch {
            throw ProtocolFailure(error)
        }
        do throws(DatabaseError) {
            opened = try Database(at: path, migrations: schema)
            return nil
        } catch {
            guard error.code == .corrupt else { throw ProtocolFailure(error) }
        }
        let newPath = try setAside()
        do { opened = try Database(at: path, migrations: schema) } catch { throw ProtocolFailure(error) }
        return newPath
    }

    private func setAside() throws(ProtocolFailure) -> String {
        let newPath = "\(path).damaged-\(Timestamp.now.seconds)"
        do throws(SystemError) {
            for suffix in ["", "-wal", "-shm"] where try Descriptor.workingDirectory.exists(path + suffix) {
                try Descriptor.workingDirectory.rename(path + suffix, to: newPath + suffix, replacing: false)
            }
        } catch { throw ProtocolFailure(error) }
        return newPath
    }

    private func run(_ sql: String, _ parameters: [DatabaseValue] = []) throws(ProtocolFailure) -> [DatabaseRow] {
        guard let opened else { throw ProtocolFailure(.internalError, "the database is not open") }
        do { return try opened.run(sql, parameters) } catch { throw failure(error) }
    }

    /// All of `statements` or none of them, and for good.
    private func transaction(_ statements: [(String, [DatabaseValue])]) throws(ProtocolFailure) {
        guard let opened else { throw ProtocolFailure(.internalError, "the database is not open") }
        do {
            try opened.durably { () throws(DatabaseError) in
                try opened.transaction { () throws(DatabaseError) in
                    for (sql, parameters) in statements { try opened.run(sql, parameters) }
                }
            }
        } catch { throw failure(error) }
    }

    private func failure(_ error: DatabaseError) -> ProtocolFailure {
        let advice = error.code == .noSpace ? "; make room there" : ""
        return ProtocolFailure(DatabaseError(error.code, "database \(path): \(error.message)\(advice)"))
    }
}

// MARK: Containers

extension Store {
    /// A row that cannot be understood any more.
    struct UnreadableRow: Sendable {
        let id: String
        let reason: String
    }

    func containers() throws(ProtocolFailure) -> (readable: [ContainerRecord], unreadable: [UnreadableRow]) {
        var readable: [ContainerRecord] = []
        var unreadable: [UnreadableRow] = []
        for row in try run("SELECT id, record, lifecycle FROM containers") {
            let id = (try? row.text(0)) ?? "?"
            do { readable.append(try Self.container(row)) } catch {
                unreadable.append(UnreadableRow(id: id, reason: describeDecoding(error)))
            }
        }
        return (readable, unreadable)
    }

    private static func container(_ row: DatabaseRow) throws -> ContainerRecord {
        var record = try JSONDecoder().decode(ContainerRecord.self, from: Data(row.text(1).utf8))
        record.lifecycle = try JSONDecoder().decode(ContainerLifecycle.self, from: Data(row.text(2).utf8))
        return record
    }

    func insert(_ container: ContainerRecord) throws(ProtocolFailure) {
        _ = try run(
            "INSERT INTO containers(id, name, record, lifecycle) VALUES(?, ?, ?, ?)",
            [.text(container.id), .text(container.name), json(container), json(container.lifecycle)])
    }

    /// With `durably`, what was settled when the container was made outlasts a power cut with it.
    func updateLifecycle(of id: String, to lifecycle: ContainerLifecycle, durably: Bool) throws(ProtocolFailure) {
        let statement = "UPDATE containers SET lifecycle = ? WHERE id = ?"
        let parameters: [DatabaseValue] = [json(lifecycle), .text(id)]
        if durably { try transaction([(statement, parameters)]) } else { _ = try run(statement, parameters) }
    }

    func rename(_ container: ContainerRecord) throws(ProtocolFailure) {
        let values: [DatabaseValue] = [.text(container.name), json(container), .text(container.id)]
        try transaction([("UPDATE containers SET name = ?, record = ? WHERE id = ?", values)])
    }

    /// What was changed of a container after it was made, for good.
    func updateRecord(of container: ContainerRecord) throws(ProtocolFailure) {
        try transaction([
            ("UPDATE containers SET record = ? WHERE id = ?", [json(container), .text(container.id)])
        ])
    }

    func removeContainer(_ id: String) throws(ProtocolFailure) {
        _ = try run("DELETE FROM containers WHERE id = ?", [.text(id)])
    }

    private func json(_ value: some Encodable) -> DatabaseValue {
        .text(String(decoding: Envelope.encode(value), as: UTF8.self))
    }
}

// MARK: Images

extension Store {
    func images() throws(ProtocolFailure) -> [ImageRecord] {
        var names: [String: [ImageName]] = [:]
        for row in try run("SELECT reference, image, target, manifest FROM image_names ORDER BY reference") {
            guard let id = try? row.text(1), let name = try? Self.imageName(row) else { continue }
            names[id, default: []].append(name)
        }
        return try run("SELECT id, manifest, size FROM images").compactMap { row in
            guard let id = try? Digest(row.text(0)), let manifest = try? Self.descriptor(row, 1) else { return nil }
            return ImageRecord(
                id: id, manifest: manifest, size: (try? row.integer(2)) ?? 0, names: names["\(id)"] ?? [])
        }
    }

    private static func imageName(_ row: DatabaseRow) throws -> ImageName {
        ImageName(
            reference: try ImageReference(parsing: row.text(0)), target: try descriptor(row, 2),
            manifest: try descriptor(row, 3))
    }

    private static func descriptor(_ row: DatabaseRow, _ column: Int) throws -> ContentDescriptor {
        try JSONDecoder().decode(ContentDescriptor.self, from: Data(row.text(column).utf8))
    }

    /// Writes the image and lets each of its references name it and no other.
    func save(_ image: ImageRecord) throws(ProtocolFailure) {
        let id = DatabaseValue.text("\(image.id)")
        try transaction(
            [
                (
                    """
                    INSERT INTO images(id, manifest, size) VALUES(?, ?, ?)
                    ON CONFLICT(id) DO UPDATE SET manifest = excluded.manifest, size = excluded.size
                    """,
                    [id, json(image.manifest), .integer(image.size)]
                )
            ]
                + image.names.map {
                    (
                        "INSERT OR REPLACE INTO image_names(reference, image, target, manifest) VALUES(?, ?, ?, ?)",
                        [.text("\($0.reference)"), id, json($0.target), json($0.manifest)]
                    )
                })
    }

    func removeImageName(_ reference: ImageReference) throws(ProtocolFailure) {
        try transaction([("DELETE FROM image_names WHERE reference = ?", [.text("\(reference)")])])
    }

    func removeImage(_ id: Digest) throws(ProtocolFailure) {
        try transaction([("DELETE FROM images WHERE id = ?", [.text("\(id)")])])
    }
}

// MARK: Volumes

extension Store {
    func volumes() throws(ProtocolFailure) -> [VolumeRecord] {
        try run("SELECT name, anonymous, created FROM volumes ORDER BY name").compactMap { row in
            guard let name = try? row.text(0), let anonymous = try? row.integer(1), let created = try? row.integer(2)
            else { return nil }
            return VolumeRecord(
                name: name, isAnonymous: anonymous != 0, created: Timestamp(nanoseconds: UInt64(bitPattern: created)))
        }
    }

    func insert(_ volume: VolumeRecord) throws(ProtocolFailure) {
        let values: [DatabaseValue] = [
            .text(volume.name), .integer(volume.isAnonymous ? 1 : 0),
            .integer(Int64(bitPattern: volume.created.nanoseconds)),
        ]
        try transaction([("INSERT INTO volumes(name, anonymous, created) VALUES(?, ?, ?)", values)])
    }

    func removeVolume(_ name: String) throws(ProtocolFailure) {
        _ = try run("DELETE FROM volumes WHERE name = ?", [.text(name)])
    }
}
