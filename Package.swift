// swift-tools-version: 6.2
// The house of DESIGN: a floor a folder of Sources, a room a target. A room leans on rooms of its own
// floor or of floors below; `makeTargets` refuses an upward arrow before anything is compiled.

import PackageDescription

/// One target of the house.
struct Room {
    enum Kind { case swift, program, staticProgram, c, systemLibrary(pkgConfig: String, package: String) }

    let name: String
    let kind: Kind
    let leansOn: [String]
    let libraries: [String]
    let products: [Target.Dependency]
    /// What the linker is told beside what it is told for all.
    let linking: [String]

    init(
        _ name: String, _ kind: Kind = .swift, leansOn: [String] = [], libraries: [String] = [],
        products: [Target.Dependency] = [], linking: [String] = []
    ) {
        self.name = name
        self.kind = kind
        self.leansOn = leansOn
        self.libraries = libraries
        self.products = products
        self.linking = linking
    }
}

struct Floor {
    let name: String
    let rooms: [Room]
}

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let nio = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")

/// From the roof down: a room may lean on its own floor and on those that follow.
let house: [Floor] = [
    Floor(
        name: "Programs",
        rooms: [
            Room("wherry", .staticProgram, leansOn: ["ClientCommands", "CommandKit"]),
            Room("wherryd", .program, leansOn: ["ServerCommands", "LinuxKernel"]),
            Room("wherry-shim", .staticProgram, leansOn: ["Shim"]),
            Room("wherry-registry", .program, leansOn: ["ServerCommands", "LinuxKernel"]),
            Room(
                "wherry-runtime", .staticProgram, leansOn: ["RuntimeCommands", "LinuxKernel"],
                linking: ["--entry=own_program_entry", "--wrap=swift_copyAuxiliaryExecutablePath"]),
            Room("wherry-systemd", .program, leansOn: ["SystemdBus", "LinuxKernel"]),
        ]),
    Floor(
        name: "Commands",
        rooms: [
            Room(
                "ClientCommands", leansOn: ["CommandKit", "LineProtocol", "RuntimeSpec", "ImageSpec", "LinuxKernel"],
                products: [argumentParser]),
            Room(
                "RuntimeCommands",
                leansOn: [
                    "RuntimeEngine", "CheckpointRestore", "SetupPlan", "Cgroups", "RuntimeSpec", "LinuxKernel",
                ]),
            Room(
                "ServerCommands",
                leansOn: [
                    "CommandKit", "LineAPI", "RegistryAPI", "Engine", "Registry", "LineConnections", "LineProtocol",
                    "BlockingThreads", "HTTPService", "TransportSecurity", "LinuxKernel",
                ],
                products: [argumentParser, logging]),
            Room("CommandKit", leansOn: ["LinuxKernel"], products: [argumentParser]),
        ]),
    Floor(
        name: "Doors",
        rooms: [
            Room("LineAPI", leansOn: ["Engine", "LineConnections", "LineProtocol"]),
            Room(
                "RegistryAPI",
                leansOn: [
                    "Registry", "ContentStore", "BlockingThreads", "HTTPService", "WebTokens", "ImageSpec",
                    "LinuxKernel", "CCrypt",
                ],
                products: [nio, nioHTTP]),
        ]),
    Floor(
        name: "Engine",
        rooms: [
            Room(
                "Engine",
                leansOn: [
                    "Database", "Snapshots", "Layers", "RegistryClient", "ContentStore", "LineConnections",
                    "LineProtocol", "HTTPTransfers", "BlockingThreads", "RuntimeSpec", "ImageSpec", "LinuxKernel",
                ], products: [logging]),
            Room("Database", leansOn: ["CSQLite"]),
        ]),
    Floor(
        name: "Images",
        rooms: [
            Room(
                "RegistryClient",
                leansOn: ["ContentStore", "HTTPTransfers", "BlockingThreads", "ImageSpec", "LinuxKernel"]),
            Room("Registry", leansOn: ["ContentStore", "ImageSpec", "LinuxKernel"]),
            Room("Snapshots", leansOn: ["Layers", "ContentStore", "ImageSpec", "LinuxKernel"]),
            Room("Layers", leansOn: ["ContentStore", "ImageSpec", "LinuxKernel", "CArchive"]),
            Room("ContentStore", leansOn: ["ImageSpec", "LinuxKernel", "CCrypto"]),
        ]),
    Floor(name: "Shim", rooms: [Room("Shim", leansOn: ["LineProtocol", "RuntimeSpec", "LinuxKernel"])]),
    Floor(
        name: "Runtime",
        rooms: [
            Room(
                "RuntimeEngine",
                leansOn: [
                    "SetupPlan", "CheckpointRestore", "Cgroups", "RuntimeSpec", "Netlink", "LinuxKernel", "CSeccomp",
                    "COwnProgram",
                ]),
            Room("CheckpointRestore", leansOn: ["LinuxKernel"]),
            Room("SetupPlan", leansOn: ["RuntimeSpec", "LinuxKernel"]),
            Room("SystemdBus", leansOn: ["Cgroups", "RuntimeSpec", "LinuxKernel", "CSystemd"]),
            Room("Cgroups", leansOn: ["RuntimeSpec", "LinuxKernel"]),
        ]),
    Floor(
        name: "Protocol",
        rooms: [
            Room("LineConnections", leansOn: ["LineProtocol", "LinuxKernel"]),
            Room("HTTPService", leansOn: ["TransportSecurity", "LinuxKernel"], products: [nio, nioHTTP, nioPosix]),
            Room("TransportSecurity", leansOn: ["CSSL"], products: [nio]),
            Room("HTTPTransfers", leansOn: ["LinuxKernel", "CCurl"]),
            Room("WebTokens", leansOn: ["CCrypto"]),
            Room("BlockingThreads", leansOn: ["LinuxKernel"]),
            Room("LineProtocol", leansOn: ["RuntimeSpec", "LinuxKernel"]),
        ]),
    Floor(name: "Spec", rooms: [Room("RuntimeSpec"), Room("ImageSpec")]),
    Floor(
        name: "Kernel",
        rooms: [
            Room("Netlink", leansOn: ["LinuxKernel"]),
            Room("LinuxKernel", leansOn: ["CLinux"]),
            Room("CLinux", .c),
            Room("COwnProgram", .c),
            Room("CSeccomp", .systemLibrary(pkgConfig: "libseccomp", package: "libseccomp-dev")),
            Room("CSystemd", .systemLibrary(pkgConfig: "libsystemd", package: "libsystemd-dev")),
            Room("CSQLite", .systemLibrary(pkgConfig: "sqlite3", package: "libsqlite3-dev")),
            Room("CArchive", .systemLibrary(pkgConfig: "libarchive", package: "libarchive-dev")),
            Room("CCrypt", .systemLibrary(pkgConfig: "libcrypt", package: "libcrypt-dev")),
            Room("CCurl", .systemLibrary(pkgConfig: "libcurl", package: "libcurl4-openssl-dev")),
            Room("CSSL", .systemLibrary(pkgConfig: "libssl", package: "libssl-dev")),
            Room("CCrypto", .systemLibrary(pkgConfig: "libcrypto", package: "libssl-dev")),
        ]),
]

/// One folder of Tests.
struct TestRoom {
    let name: String
    let folder: String
    let leansOn: [String]
    let products: [Target.Dependency]

    /// The tests of one room, in `Tests/<Room>Tests`; `leansOn` names what they import besides that room.
    init(of room: String, leansOn: [String] = [], products: [Target.Dependency] = []) {
        self.init("\(room)Tests", folder: "\(room)Tests", leansOn: [room] + leansOn, products: products)
    }

    init(_ name: String, folder: String, leansOn: [String], products: [Target.Dependency] = []) {
        self.name = name
        self.folder = folder
        self.leansOn = leansOn
        self.products = products
    }
}

/// A line for every room that has tests.
let testRooms: [TestRoom] = [
    TestRoom(of: "Snapshots", leansOn: ["Layers", "ContentStore", "ImageSpec", "LinuxKernel"]),
    TestRoom(of: "Layers", leansOn: ["Harness", "ContentStore", "ImageSpec", "LinuxKernel"]),
    TestRoom(
        of: "RegistryClient",
        leansOn: ["Harness", "HTTPTransfers", "BlockingThreads", "ContentStore", "ImageSpec", "LinuxKernel"],
        products: [nio, nioPosix]),
    TestRoom(
        of: "RegistryAPI", leansOn: ["Harness", "Registry", "HTTPService", "WebTokens", "ImageSpec"],
        products: [nioHTTP]),
    TestRoom(of: "Registry", leansOn: ["Harness", "ContentStore", "ImageSpec", "LinuxKernel"]),
    TestRoom(of: "ContentStore", leansOn: ["Harness", "ImageSpec", "LinuxKernel"]),
    TestRoom(of: "ImageSpec", leansOn: ["LinuxKernel"]),
    TestRoom(of: "CheckpointRestore"),
    TestRoom(of: "Cgroups", leansOn: ["RuntimeSpec", "LinuxKernel"]),
    TestRoom(of: "SetupPlan", leansOn: ["RuntimeSpec", "LinuxKernel"]),
    TestRoom(of: "RuntimeSpec", leansOn: ["LinuxKernel"]),
    TestRoom(of: "RuntimeCommands", leansOn: ["RuntimeSpec"]),
    TestRoom(of: "RuntimeEngine", leansOn: ["Cgroups", "SetupPlan", "RuntimeSpec", "LinuxKernel"]),
    TestRoom(of: "Shim", leansOn: ["LineProtocol", "LinuxKernel"]),
    TestRoom(of: "LineAPI", leansOn: ["Engine", "LineConnections", "LineProtocol", "LinuxKernel"]),
    TestRoom(
        of: "Engine",
        leansOn: [
            "Harness", "Database", "BlockingThreads", "LineConnections", "LineProtocol", "RuntimeSpec", "ImageSpec",
            "LinuxKernel",
        ]),
    TestRoom(of: "Database", leansOn: ["Harness", "LinuxKernel"]),
    TestRoom(of: "WebTokens", leansOn: ["Harness"]),
    TestRoom(of: "LineConnections", leansOn: ["BlockingThreads", "LineProtocol", "LinuxKernel"]),
    TestRoom(of: "CommandKit", leansOn: ["LinuxKernel"]),
    TestRoom(of: "ClientCommands", leansOn: ["Harness", "CommandKit", "LineProtocol", "LinuxKernel"]),
    TestRoom(of: "LineProtocol", leansOn: ["LinuxKernel"]),
    TestRoom(of: "Netlink", leansOn: ["LinuxKernel"]),
    TestRoom(of: "LinuxKernel"),
]

/// The tests that are no room's own: what they lean on besides rooms are other tests.
let wholeHouse = [
    TestRoom(
        "Contracts", folder: "Contracts",
        leansOn: ["Harness", "Snapshots", "Layers", "ContentStore", "ImageSpec", "LinuxKernel"]),
    TestRoom("ChaosTests", folder: "Chaos", leansOn: ["Harness", "LinuxKernel"]),
    TestRoom("Harness", folder: "Harness", leansOn: ["RuntimeSpec", "LinuxKernel", "CCrypto"]),
    TestRoom("FuzzTests", folder: "Fuzz/Replay", leansOn: ["FuzzSubjects", "Harness", "LinuxKernel"]),
    TestRoom("StructureTests", folder: "Structure", leansOn: ["Harness", "LinuxKernel"]),
    TestRoom("ClientTests", folder: "Clients", leansOn: ["Harness", "LinuxKernel"]),
    TestRoom("SystemTests", folder: "System", leansOn: ["Harness", "LineProtocol", "RuntimeSpec", "LinuxKernel"]),
]

/// Rooms above the Kernel floor that call C libraries directly and therefore deal in pointers.
let upcoming: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// A fully static executable: libc and the Swift runtime linked in. Only in release builds, which
/// `make` does with --static-swift-stdlib; test builds share the toolchain's dynamic libraries.
let fullyStatic = ["-static-executable", "-static-stdlib"]

/// lld leaves out what is not called; the other linkers warn of every call in Foundation that may load libraries.
let linking = ["-use-ld=lld", "-Xlinker", "--gc-sections"]

/// Each function in a section of its own, which a linker may leave out or put elsewhere. And types of generic arguments are
/// asked for by calls, which make larger programs, and not by their mangled names, which Swift's runtime would have to read
/// and look up: for a program that lives for milliseconds that is a tenth of its life.
let compiling = [
    "-Xfrontend", "-function-sections", "-Xfrontend", "-disable-concrete-type-metadata-mangled-name-accessors",
]

/// Functions that a start calls lie side by side in static executables: what lies between would be read and mapped, too.
/// `contrib/order-functions` makes the list. A name that is not there any more does no harm.
let ordered = [
    "-Xlinker", "--symbol-ordering-file=\(Context.packageDirectory)/contrib/functions.order", "-Xlinker",
    "--no-warn-symbol-ordering",
]

func makeTargets(_ house: [Floor]) -> [Target] {
    var floorOfRoom: [String: Int] = [:]
    for (number, floor) in house.enumerated() {
        for room in floor.rooms { floorOfRoom[room.name] = number }
    }
    return house.enumerated().flatMap { number, floor in
        floor.rooms.map { room in
            for below in room.leansOn {
                guard let other = floorOfRoom[below] else { fatalError("\(room.name) leans on \(below): no such room") }
                guard other >= number else { fatalError("\(room.name) leans on \(below), which is on a floor above") }
            }
            return makeTarget(room, path: "Sources/\(floor.name)/\(room.name)", isKernel: floor.name == "Kernel")
        }
    }
}

func makeTestTargets(_ tests: [TestRoom]) -> [Target] {
    tests.map { test in
        .testTarget(
            name: test.name, dependencies: test.leansOn.map { .target(name: $0) } + test.products,
            path: "Tests/\(test.folder)",
            swiftSettings: upcoming)
    }
}

/// What is fuzzed, which a test replays the corpus on, and the program that `make fuzz` builds. It has libFuzzer's
/// `main`, and can be linked only where it is asked for.
func makeFuzzTargets() -> [Target] {
    let subjects = Target.target(
        name: "FuzzSubjects", dependencies: ["Cgroups", "LineProtocol", "SetupPlan", "RuntimeSpec"],
        path: "Tests/Fuzz/Subjects",
        swiftSettings: upcoming)
    let driver = Target.executableTarget(
        name: "fuzz", dependencies: ["FuzzSubjects"], path: "Tests/Fuzz/Driver",
        swiftSettings: upcoming + [.unsafeFlags(["-parse-as-library"])])
    return Context.environment["WHERRY_FUZZ"] == nil ? [subjects] : [subjects, driver]
}

func makeTarget(_ room: Room, path: String, isKernel: Bool) -> Target {
    let dependencies = room.leansOn.map { Target.Dependency.target(name: $0) } + room.products
    let settings =
        upcoming + (isKernel ? [] : [.strictMemorySafety()])
        + [.unsafeFlags(compiling, .when(configuration: .release))]
    switch room.kind {
    case .swift:
        return .target(name: room.name, dependencies: dependencies, path: path, swiftSettings: settings)
    case .program:
        return .executableTarget(
            name: room.name, dependencies: dependencies, path: path, swiftSettings: settings,
            linkerSettings: [.unsafeFlags(linking, .when(configuration: .release))])
    case .staticProgram:
        return .executableTarget(
            name: room.name, dependencies: dependencies, path: path,
            swiftSettings: settings + [.unsafeFlags(fullyStatic, .when(configuration: .release))],
            linkerSettings: [
                .unsafeFlags(
                    fullyStatic + linking + ordered + room.linking.flatMap { ["-Xlinker", $0] },
                    .when(configuration: .release))
            ])
    case .c:
        return .target(name: room.name, path: path, cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])])
    case .systemLibrary(let pkgConfig, let package):
        return .systemLibrary(name: room.name, path: path, pkgConfig: pkgConfig, providers: [.apt([package])])
    }
}

let package = Package(
    name: "wherry",
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    ],
    targets: makeTargets(house) + makeTestTargets(testRooms + wholeHouse) + makeFuzzTargets(),
    swiftLanguageModes: [.v6]
)
