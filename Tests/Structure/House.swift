import Harness

/// The table of rooms as Package.swift has it, read from its text.
struct House {
    struct Room {
        let name: String
        let floor: String
        let leansOn: [String]
        let products: [String]
        var folder: String { "Sources/\(floor)/\(name)" }
    }

    let rooms: [Room]

    init() throws {
        let text = try Files.read("\(checkout)/Package.swift")
        let table = text.split(separator: "\n]\n").first { $0.contains("let house: [Floor]") } ?? ""
        let floors = table.split(separator: "Floor(").dropFirst()
        rooms = floors.flatMap { floor -> [Room] in
            guard let name = floor.firstMatch(of: /name: "(\w+)"/)?.output.1 else { return [] }
            return House.rooms(in: floor, of: String(name))
        }
    }

    private static func rooms(in floor: Substring, of name: String) -> [Room] {
        floor.split(separator: "Room(").dropFirst().compactMap { entry in
            guard let room = entry.firstMatch(of: /^\s*"([\w-]+)"/)?.output.1 else { return nil }
            return Room(
                name: String(room), floor: name, leansOn: list("leansOn", in: entry).map { $0.trimming("\"") },
                products: list("products", in: entry))
        }
    }

    /// The elements of `label: [ … ]`.
    private static func list(_ label: String, in entry: Substring) -> [String] {
        let entry = entry.prefix { $0 != ")" }
        guard let start = entry.firstRange(of: label + ": ["), let end = entry[start.upperBound...].firstIndex(of: "]")
        else { return [] }
        return entry[start.upperBound..<end].split(separator: ",").map { $0.filter { !$0.isWhitespace } }
            .filter { !$0.isEmpty }
    }

    func room(_ name: String) throws -> Room {
        guard let room = rooms.first(where: { $0.name == name }) else { throw HarnessError("no room \(name)") }
        return room
    }

    /// A room and all that it stands on.
    func below(_ names: [String]) throws -> Set<String> {
        var seen: Set<String> = []
        var next = names
        while let name = next.popLast() {
            if seen.insert(name).inserted { next += try room(name).leansOn }
        }
        return seen
    }
}

extension String {
    fileprivate func trimming(_ character: Character) -> String { filter { $0 != character } }
}
