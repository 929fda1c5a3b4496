import Harness
import Testing

@Suite("The house is as Package.swift draws it")
struct RoomTests {
    let house: House
    init() throws { house = try House() }

    /// What rooms may import that are no rooms: Swift's own modules without threads of their own.
    private let ofSwift: Set<String> = ["FoundationEssentials", "Synchronization", "Swift"]
    private let modulesOfProducts = [
        "argumentParser": "ArgumentParser", "logging": "Logging", "nio": "NIOCore", "nioHTTP": "NIOHTTP1",
        "nioPosix": "NIOPosix",
    ]

    @Test("every folder of Sources is a floor of the table, every folder in it a room with sources")
    func foldersAreRooms() throws {
        let floors = Files.names(in: "\(checkout)/Sources")
        #expect(Set(floors) == Set(house.rooms.map(\.floor)))
        for floor in floors {
            let rooms = house.rooms.filter { $0.floor == floor }.map(\.name)
            #expect(Set(Files.names(in: "\(checkout)/Sources/\(floor)")) == Set(rooms))
        }
        for room in house.rooms {
            #expect(!Files.names(in: "\(checkout)/\(room.folder)").isEmpty, "\(room.name) is empty")
        }
    }

    @Test("a room imports what the table lets it lean on, and nothing else")
    func importsFollowTheTable() throws {
        for room in house.rooms {
            let products = room.products.map { modulesOfProducts[$0] ?? $0 }
            let allowed = ofSwift.union(room.leansOn).union(products).union(room.name == "LinuxKernel" ? ["Glibc"] : [])
            for file in try SourceFile.all(in: room.folder) {
                for (line, module) in file.imports where !allowed.contains(module) {
                    Issue.record("\(file.path):\(line): \(room.name) may not import \(module)")
                }
            }
        }
    }

    @Test("the table has no arrow that no import needs")
    func arrowsAreUsed() throws {
        for room in house.rooms {
            let imported = Set(try SourceFile.all(in: room.folder).flatMap { $0.imports.map(\.module) })
            for other in room.leansOn where !imported.contains(other) {
                Issue.record("Package.swift: \(room.name) leans on \(other) and does not import it")
            }
        }
    }

    @Test("no file is longer than 400 lines, no program's entry point longer than 30")
    func filesAreShort() throws {
        for file in try SourceFile.all(in: "Sources", endings: [".swift", ".c", ".h"]) + SourceFile.all(in: "Tests") {
            let limit = file.path.hasPrefix("Sources/Programs/") ? 30 : 400
            #expect(file.lines.count - 1 <= limit, "\(file.path) has \(file.lines.count - 1) lines")
        }
    }

    @Test("half of all functions have at most 5 lines, 95 of 100 at most 27")
    func functionsAreShort() throws {
        let all = try SourceFile.all(in: "Sources").flatMap { file in
            file.functionLengths.map { (file.path, $0.name, $0.line, $0.length) }
        }.sorted { $0.3 < $1.3 }
        try #require(all.count > 100)
        #expect(all[all.count / 2].3 <= 5)
        #expect(all[all.count * 95 / 100].3 <= 27)
        for (path, name, line, length) in all.suffix(20) where length > 60 {
            Issue.record("\(path):\(line): \(name) has \(length) lines")
        }
    }

    @Test("every suite of system tests and attacks is held to leave nothing behind")
    func suitesLeaveNothing() throws {
        let folders = ["System", "Attacks"].filter { Files.exists("\(checkout)/Tests/\($0)") }
        for file in try folders.flatMap({ try SourceFile.all(in: "Tests/\($0)") }) {
            for (number, line) in file.code.enumerated() where line.contains("@Suite") {
                let isHeld = line.contains(".leavesNothingBehind") || file.path.hasSuffix("/ZeroTraces.swift")
                #expect(isHeld, "\(file.path):\(number + 1): add .leavesNothingBehind")
            }
        }
    }
}
